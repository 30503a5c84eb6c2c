import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {RequestSplitter} from '../../../src/telnet/session/request-splitter.js'

/** What is sent for an input that comes in such pieces, and the commands found in it. */
function split(...pieces: (string | Uint8Array)[]) {
  const splitter = new RequestSplitter()
  const sent = [...pieces.flatMap(piece => splitter.push(Buffer.from(piece))), ...splitter.end()]
  return {
    bytes: Buffer.concat(sent.map(({bytes}) => bytes)).toString('latin1'),
    verbs: sent.flatMap(({completes}) => (completes === null ? [] : [completes.verb])),
  }
}

describe('RequestSplitter', () => {
  it('turns LF into CRLF on command lines and after data blocks', () => {
    expect(split('set a 0 0 3\n111\nget a\n')).toEqual({
      bytes: 'set a 0 0 3\r\n111\r\nget a\r\n',
      verbs: ['set', 'get'],
    })
  })

  it('leaves CRLF as it is', () => {
    expect(split('set a 0 0 3\r\n111\r\nget a\r\n').bytes).toBe('set a 0 0 3\r\n111\r\nget a\r\n')
  })

  it('keeps every byte of a data block, line ends among them', () => {
    const value = Buffer.from(Array.from({length: 256}, (_, byte) => byte))
    const {bytes, verbs} = split(Buffer.concat([Buffer.from('set a 0 0 256\n'), value, Buffer.from('\nget a\n')]))
    expect(bytes).toBe(`set a 0 0 256\r\n${value.toString('latin1')}\r\nget a\r\n`)
    expect(verbs).toEqual(['set', 'get'])
  })

  it('lets the end of the input end a line and a complete data block', () => {
    expect(split('get a')).toEqual({bytes: 'get a\r\n', verbs: ['get']})
    expect(split('set a 0 0 3\n111')).toEqual({bytes: 'set a 0 0 3\r\n111\r\n', verbs: ['set']})
    expect(split('set a 0 0 0\n')).toEqual({bytes: 'set a 0 0 0\r\n\r\n', verbs: ['set']})
    expect(split()).toEqual({bytes: '', verbs: []})
  })

  it('reports missing data bytes', () => {
    expect(() => split('set a 0 0 5\n11')).toThrow("Expected 3 more data bytes for 'set', got the end of the input")
  })

  it('takes two bytes after a data block that is too long, as the server does', () => {
    expect(split('set a 0 0 3\r\n12345\r\n')).toEqual({
      bytes: 'set a 0 0 3\r\n12345\r\n\r\n'.slice(0, -2),
      verbs: ['set', ''],
    })
  })

  it('takes no data block after a malformed storage command', () => {
    expect(split('set a 0 0 x\r\n111\r\n').verbs).toEqual(['set', '111'])
  })

  it('says how many data bytes are still to come', () => {
    const splitter = new RequestSplitter()
    const after = (text: string) => {
      splitter.push(Buffer.from(text))
      return splitter.dataBytesExpected
    }
    expect(['set a 0 0 5', '\r\n', '99', '999', '\r', '\n'].map(after)).toEqual([null, 5, 3, 0, 0, null])
  })

  it('passes an endless line on instead of keeping it', () => {
    const splitter = new RequestSplitter()
    const [piece] = splitter.push(Buffer.alloc(2 * 1024 * 1024, 'x'))
    expect(piece?.bytes.length).toBe(2 * 1024 * 1024)
  })

  it('sends the same bytes however the input is cut', () => {
    const input = Buffer.from(
      'get a\nset b 1 0 4\na\r\nb\r\nset c 0 0 2 noreply\nxy\nset d 0 0 1\nlong\ncas e 0 0 0 7\r\n\r\nquit',
    )
    const whole = split(input)
    fc.assert(
      fc.property(fc.array(fc.nat({max: input.length})), cuts => {
        const edges = [0, ...cuts.sort((a, b) => a - b), input.length]
        const pieces = edges.slice(1).map((end, index) => input.subarray(edges[index], end))
        expect(split(...pieces)).toEqual(whole)
      }),
    )
  })
})
