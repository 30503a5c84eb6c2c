import {describe, expect, test} from 'vitest'
import {methods} from '../../../src/engine/data/methods.js'
import {BookkeepingError} from '../../../src/engine/errors.js'
import {checkCounts, countReply, emptyTally, mergeTallies} from '../../../src/engine/measure/accounts.js'
import type {ReplyKind} from '../../../src/protocol/text/reply-kind.js'

const balanced = {
  intended: 13,
  sent: 11,
  unsent: 2,
  ok: 3,
  hit: 1,
  miss: 1,
  errors: {a: 1},
  timedOut: 1,
  lostWithConnection: 2,
  unanswered: 3,
}

describe('the books', () => {
  test('balance', () => {
    expect(() => checkCounts(balanced)).not.toThrow()
  })

  test.each(['intended', 'sent', 'unsent', 'ok', 'miss', 'timedOut', 'lostWithConnection', 'unanswered'] as const)(
    'do not balance when one of %s is missing',
    field => {
      expect(() => checkCounts({...balanced, [field]: balanced[field] - 1})).toThrow(BookkeepingError)
    },
  )

  test('are merged by sum, errors by their name', () => {
    const counts = {sent: 20, ok: 7, hit: 2, miss: 3, timedOut: 4, lostWithConnection: 1, unanswered: 5}
    const one = {...emptyTally(), ...counts, errors: {a: 1, b: 1}}
    const two = {...emptyTally(), sent: 1, ok: 1, hit: 1, errors: {b: 1}}
    expect(mergeTallies([one, two])).toEqual({...counts, sent: 21, ok: 8, hit: 3, errors: {a: 1, b: 2}})
    expect(mergeTallies([two, one, one])).toMatchObject({miss: 6, timedOut: 8, lostWithConnection: 2, unanswered: 10})
  })
})

describe('a reply', () => {
  test('of a name that no object has a field of is counted', () => {
    const tally = {...emptyTally(), sent: 1}
    countReply(tally, {method: methods.get, kind: 'unknown', values: 0, line: () => '__proto__'})
    expect(mergeTallies([tally, tally]).errors).toEqual({"'__proto__'": 2})
    expect(() => checkCounts({...tally, intended: 1, unsent: 0})).not.toThrow()
  })

  test('with bytes that would steer a terminal is booked as text that is safe to print', () => {
    const tally = emptyTally()
    const line = 'SERVER_ERROR \x1b[2J\x9b1m'
    countReply(tally, {method: methods.set, kind: 'server_error', values: 0, line: () => line})
    expect(tally.errors).toEqual({'SERVER_ERROR \\x1b[2J\\x9b1m': 1})
  })

  const book = (method: keyof typeof methods, kind: ReplyKind, values = 0, line = '') => {
    const tally = emptyTally()
    countReply(tally, {method: methods[method], kind, values, line: () => line})
    const {ok, hit, miss, errors} = tally
    return {ok, hit, miss, errors}
  }

  test.each([
    ['set', 'stored', 0, {ok: 1, hit: 0, miss: 0, errors: {}}],
    ['get', 'end', 1, {ok: 1, hit: 1, miss: 0, errors: {}}],
    ['get', 'end', 0, {ok: 0, hit: 0, miss: 1, errors: {}}],
    ['add', 'not_stored', 0, {ok: 0, hit: 0, miss: 1, errors: {}}],
    ['delete', 'deleted', 0, {ok: 1, hit: 0, miss: 0, errors: {}}],
    ['delete', 'not_found', 0, {ok: 0, hit: 0, miss: 1, errors: {}}],
  ] as const)('to %s: %s with %d values', (method, kind, values, counts) => {
    expect(book(method, kind, values)).toEqual(counts)
  })

  test('that is an error counts under the words of the server', () => {
    const line = 'SERVER_ERROR out of memory storing object'
    expect(book('set', 'server_error', 0, line).errors).toEqual({[line]: 1})
  })

  test('with ever new words does not fill the memory', () => {
    const tally = emptyTally()
    for (let i = 0; i < 1000; i++) {
      countReply(tally, {method: methods.set, kind: 'server_error', values: 0, line: () => `SERVER_ERROR ${i}`})
    }
    expect(Object.keys(tally.errors)).toHaveLength(32)
    expect(tally.errors.other).toBe(1000 - 31)
  })

  test('with a long text counts under its beginning', () => {
    const line = `SERVER_ERROR ${'x'.repeat(5000)}`
    expect(book('set', 'server_error', 0, line).errors).toEqual({[line.slice(0, 120)]: 1})
  })

  test('of many threads, each with kinds of its own, does not either', () => {
    const tallyOf = (thread: number) => {
      const tally = emptyTally()
      for (let i = 0; i < 40; i++) {
        countReply(tally, {method: methods.set, kind: 'server_error', values: 0, line: () => `ERROR ${thread} ${i}`})
      }
      return tally
    }
    const {errors} = mergeTallies([tallyOf(1), tallyOf(2), tallyOf(3)])
    expect(Object.keys(errors)).toHaveLength(32)
    expect(Object.values(errors).reduce((sum, count) => sum + count, 0)).toBe(120)
  })
})
