import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {NO_DATA, type StreamHandler, StreamSplitter} from '../../../src/protocol/text/stream-splitter.js'

/** Writes down what the splitter finds; a line `data N` announces a block of N bytes. */
class Recorder implements StreamHandler {
  readonly found: string[] = []
  #data = ''

  onLine(bytes: Buffer, start: number, end: number): number {
    const line = bytes.toString('latin1', start, end)
    this.found.push(`line ${line}`)
    const match = /^data (\d+)$/.exec(line)
    return match === null ? NO_DATA : Number(match[1])
  }

  onData(bytes: Buffer, start: number, end: number): void {
    this.#data += bytes.toString('latin1', start, end)
  }

  onDataEnd(terminated: boolean): void {
    this.found.push(`${terminated ? 'data' : 'bad'} ${this.#data}`)
    this.#data = ''
  }

  acceptsLongLine({length}: {length: number}): boolean {
    return length < 4096
  }
}

function split(stream: Buffer, cuts: readonly number[]): readonly string[] {
  const recorder = new Recorder()
  const splitter = new StreamSplitter(recorder)
  const bounds = [...new Set([0, ...cuts.map(cut => cut % (stream.length + 1)), stream.length])].sort((a, b) => a - b)
  for (let index = 1; index < bounds.length; index++) {
    // Each piece stands at the start of a larger buffer full of line ends, as in a shared read buffer.
    const piece = Buffer.alloc(8192, '\n')
    const length = stream.copy(piece, 0, bounds[index - 1], bounds[index])
    splitter.push(piece, 0, length)
  }
  return recorder.found
}

const part = fc.oneof(
  fc.string({maxLength: 100}).map(text => Buffer.from(`${text.replaceAll(/[\r\n]/g, '.')}\r\n`, 'latin1')),
  fc.string({maxLength: 20}).map(text => Buffer.from(`${text.replaceAll(/[\r\n]/g, '.')}\n`, 'latin1')),
  fc
    .uint8Array({maxLength: 300})
    .map(data => Buffer.concat([Buffer.from(`data ${data.length}\r\n`), data, Buffer.from('\r\n')])),
  fc.uint8Array({maxLength: 50}).map(data => Buffer.concat([Buffer.from(`data ${data.length}\r\n`), data])),
)

describe('StreamSplitter', () => {
  it('finds the same in chunks with any boundaries', () => {
    fc.assert(
      fc.property(fc.array(part, {maxLength: 12}), fc.array(fc.nat(4000), {maxLength: 20}), (parts, cuts) => {
        const stream = Buffer.concat(parts)
        expect(split(stream, cuts)).toEqual(split(stream, []))
      }),
    )
  })

  it('reports a block that is not followed by CRLF', () => {
    expect(split(Buffer.from('data 2\r\nabcd\r\nnext\r\n'), [])).toEqual([
      'line data 2',
      'bad ab',
      'line ',
      'line next',
    ])
  })

  it('takes nothing after a line refused for its length', () => {
    const recorder = new Recorder()
    const splitter = new StreamSplitter(recorder)
    splitter.push(Buffer.alloc(5000, 'x'), 0, 5000)
    expect(splitter.refused).toBe(true)
    splitter.push(Buffer.from('\r\nhello\r\n'), 0, 9)
    expect(recorder.found).toEqual([])
  })

  it('stops where the handler shuts the gate and goes on from there', () => {
    const recorder = new Recorder()
    const gate = {isOpen: true}
    const splitter = new StreamSplitter(recorder, gate)
    const stream = Buffer.from('one\r\ntwo\r\n')
    recorder.onLine = (bytes, start, end) => {
      recorder.found.push(bytes.toString('latin1', start, end))
      gate.isOpen = false
      return NO_DATA
    }
    expect(splitter.push(stream, 0, stream.length)).toBe(5)
    gate.isOpen = true
    expect(splitter.push(stream, 5, stream.length)).toBe(10)
    expect(recorder.found).toEqual(['one', 'two'])
  })
})
