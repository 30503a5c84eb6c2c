import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {fromPrintable, toPrintable} from '../../../src/protocol/printable.js'
import {planReplay} from '../../../src/telnet/replay/replay-plan.js'
import type {TranscriptEntry, TranscriptKind} from '../../../src/telnet/transcript/transcript.js'
import {formatTranscript, readTranscript} from '../../../src/telnet/transcript/transcript-file.js'

function entry(kind: TranscriptKind, text: string, atMs: number, latencyUs: number | null = null): TranscriptEntry {
  return {kind, text, atMs, monotonicMs: atMs, latencyUs}
}

const sessions = [
  {
    node: 'm1',
    address: '127.0.0.1:11211',
    entries: [
      entry('system', 'Trying 127.0.0.1...', 1),
      entry('sent', 'set key1 0 0 3', 2),
      entry('sent', '111', 3),
      entry('received', 'STORED', 4, 210),
      entry('good', 's1 has it, 1.9 ms after STORED', 6),
    ],
  },
  {
    node: 's1',
    address: '127.0.0.2:11213',
    entries: [
      entry('sent', 'get key1', 7),
      entry('received', 'VALUE key1 0 3', 8),
      entry('received', '111', 8),
      entry('received', 'END', 8, 120),
    ],
  },
]

describe('a transcript file', () => {
  it('has a line for each line, in the order of time', () => {
    expect(formatTranscript(sessions).split('\n').slice(0, 8)).toEqual([
      '# repbench console',
      '# m1 127.0.0.1:11211',
      '# s1 127.0.0.2:11213',
      '1970-01-01T00:00:00.001Z m1 * Trying 127.0.0.1...',
      '1970-01-01T00:00:00.002Z m1 > set key1 0 0 3',
      '1970-01-01T00:00:00.003Z m1 > 111',
      '1970-01-01T00:00:00.004Z m1 < STORED  (0.21 ms)',
      '1970-01-01T00:00:00.006Z m1 + s1 has it, 1.9 ms after STORED',
    ])
  })

  it('is read as it was written', () => {
    const lines = readTranscript(formatTranscript(sessions))
    expect(lines).toEqual(sessions.flatMap(({node, entries}) => entries.map(({kind, text}) => ({node, kind, text}))))
  })

  it('may be a plain list of commands', () => {
    expect(readTranscript('get a\r\nget b\n')).toEqual([
      {node: null, kind: 'sent', text: 'get a'},
      {node: null, kind: 'sent', text: 'get b'},
    ])
  })

  it('that is spoilt says at which line', () => {
    expect(() => readTranscript('# repbench console\nrubbish\n')).toThrow('got line 2: rubbish')
  })
})

describe('the plan of a replay', () => {
  it('puts requests and replies together, a data block with its command', () => {
    expect(planReplay(readTranscript(formatTranscript(sessions)), 'm1')).toEqual([
      {node: 'm1', sent: ['set key1 0 0 3', '111'], expected: ['STORED'], onlyReads: false},
      {node: 's1', sent: ['get key1'], expected: ['VALUE key1 0 3', '111', 'END'], onlyReads: true},
    ])
  })

  it('compares nothing of a list of commands, and ends no connection', () => {
    expect(planReplay(readTranscript('set a 0 0 3\n1\n\nget a\nquit\n'), 'm1')).toEqual([
      {node: 'm1', sent: ['set a 0 0 3', '1', ''], expected: null, onlyReads: false},
      {node: 'm1', sent: ['get a'], expected: null, onlyReads: true},
    ])
  })

  it('does not compare statistics', () => {
    const text = '# repbench console\n1970-01-01T00:00:00.001Z m1 > stats\n1970-01-01T00:00:00.002Z m1 < END\n'
    expect(planReplay(readTranscript(text), 'm1')).toMatchObject([{expected: null}])
  })
})

it('printable text leads back to the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      expect(fromPrintable(toPrintable(bytes))).toEqual(Buffer.from(bytes))
    }),
  )
  const tricky = 'a\\x41 \\ \\x5c \\xzz'
  expect(fromPrintable(toPrintable(Buffer.from(tricky))).toString()).toBe(tricky)
})
