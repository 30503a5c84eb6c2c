import {describe, expect, test} from 'vitest'
import {moveRows, moveVerdict} from '../../../src/cli/transfer/move-report.js'
import type {MoveOutcome} from '../../../src/cli/transfer/move-to-server.js'
import {countRows, formatBytes, notSeenRows, refusedCount} from '../../../src/cli/transfer/transfer-text.js'
import {allSeen} from '../../../src/engine/transfer/pump.js'
import type {SinkCounts} from '../../../src/engine/transfer/server-sink.js'

const none: SinkCounts = {
  written: 0,
  writtenBytes: 0,
  present: 0,
  expired: 0,
  tooLarge: 0,
  noMemory: 0,
  refused: 0,
  unsafeFlags: 0,
}

const whole: MoveOutcome = {
  counts: {...none, written: 5, writtenBytes: 500},
  refusal: null,
  refusedExamples: [],
  evicted: 0,
  notSeen: allSeen,
  seconds: 2,
  problem: null,
  isEvicting: false,
}

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [1_234_000_000, '1.23 GB'],
  [5e15, '5.00e+3 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

describe('what was not seen', () => {
  test('is told where there is something', () => {
    expect(notSeenRows(allSeen)).toEqual([])
    expect(notSeenRows({hidden: 3, unreadable: 1, gone: 2, exptimeUnknown: 4, damage: null})).toEqual([
      'gone           2, expired or deleted since they were listed',
      'not listed     3 that the server counts; --keys reads them by name',
      'not read       1, which no protocol of the server can name',
      'no exptime     4, whose server does not tell it',
    ])
    expect(notSeenRows({...allSeen, hidden: null})).toEqual([
      'not listed     unknown how many: the server does not count its items',
    ])
    expect(notSeenRows({...allSeen, hidden: null, damage: 'expected a block at byte 9, got none'})).toEqual([
      'damage         expected a block at byte 9, got none; nothing after it is read',
    ])
  })
})

describe('what became of items', () => {
  const counts = {...none, present: 1, expired: 2, tooLarge: 3, noMemory: 4, refused: 5, unsafeFlags: 6}

  test('is told where it is not the usual', () => {
    expect(countRows(none, 'add')).toEqual([])
    expect(countRows(counts, 'add')).toEqual([
      'left as is     1, as the server has an item (--overwrite writes over it)',
      'expired        2, before they were written',
      'too large      3, larger than the server takes',
      'no memory      4, for which the server had no memory',
      'refused        5, by the server',
      'unsafe flags   6, of 2^31 or more, which repcached sends to its peer as a fault',
    ])
    expect(refusedCount(counts)).toBe(3 + 4 + 5 + 6)
  })

  test('has examples and the words of the server', () => {
    const refusedExamples = [{key: 'a', how: 'tooLarge' as const, bytes: 2_000_000}]
    expect(moveRows({...whole, refusedExamples, refusal: 'SERVER_ERROR no', evicted: 7}, 'add')).toEqual([
      'written        5 (500 B) in 2.0 s',
      '  a  too large: 2.00 MB',
      'the server said SERVER_ERROR no',
      'evicted        7, by the server, to make room',
    ])
  })

  test.each<[string, Partial<MoveOutcome>, string]>([
    ['pass', {}, 'all was moved'],
    ['pass', {counts: {...none, present: 1, expired: 1}}, 'the server has or had them'],
    ['fail', {counts: {...none, tooLarge: 1}}, 'one was refused'],
    ['fail', {evicted: 1}, 'one was dropped'],
    ['fail', {isEvicting: true, notSeen: null}, 'it was stopped as the server dropped some'],
    ['unknown', {notSeen: null, counts: {...none, tooLarge: 1}}, 'it was not finished'],
    ['unknown', {notSeen: {...allSeen, damage: 'x'}}, 'the file was damaged'],
  ])('is a %s where %3$s', (verdict, parts) => {
    expect(moveVerdict({...whole, ...parts})).toBe(verdict)
  })

  test('is unknown where nothing was done', () => {
    expect(moveVerdict(null)).toBe('unknown')
  })
})
