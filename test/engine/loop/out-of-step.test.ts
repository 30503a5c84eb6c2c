import {describe, expect, test} from 'vitest'
import {type MethodName, methodNames, methods} from '../../../src/engine/data/methods.js'
import {outOfStep} from '../../../src/engine/loop/out-of-step.js'
import {asSecondHalf} from '../../../src/engine/measure/pending-calls.js'
import type {ReplyKind} from '../../../src/protocol/text/reply-kind.js'
import {startFakeMemcached, wellBehaved} from '../../helpers/fake-memcached.js'
import {runLoop} from '../helpers/run-loop.js'

const check = (name: MethodName, kind: ReplyKind, values = 0, {mark = 0, keys = 1} = {}) =>
  outOfStep({method: methods[name], mark, keys}, kind, values)

describe('a reply', () => {
  test.each([
    ['get', 'end', 0],
    ['gets', 'end', 1],
    ['set', 'stored', 0],
    ['add', 'not_stored', 0],
    ['incr', 'number', 0],
    ['incr', 'not_found', 0],
    ['delete', 'deleted', 0],
    ['delete', 'not_found', 0],
    ['touch', 'touched', 0],
    ['cas', 'end', 1],
    ['cas', 'end', 0],
  ] as const)('that %s can have: %s with %d values', (name, kind, values) => {
    expect(check(name, kind, values)).toBeNull()
  })

  test.each([
    ['set', 'end', 0, 'out of step: END for set'],
    ['set', 'end', 1, 'out of step: VALUE for set'],
    ['get', 'stored', 0, 'out of step: STORED for get'],
    ['get', 'end', 2, 'out of step: 2 values for get'],
    ['delete', 'stored', 0, 'out of step: STORED for delete'],
    ['set', 'number', 0, 'out of step: a number for set'],
    ['incr', 'unknown', 0, 'out of step: an unknown reply for incr'],
    ['set', 'not_found', 0, 'out of step: NOT_FOUND for set'],
    ['cas', 'stored', 0, 'out of step: STORED for cas'],
    ['touch', 'deleted', 0, 'out of step: DELETED for touch'],
  ] as const)('that %s cannot have: %s with %d values', (name, kind, values, text) => {
    expect(check(name, kind, values)).toBe(text)
  })

  test('to the second half of a cas is not one to its first', () => {
    const mark = asSecondHalf(0)
    for (const kind of ['stored', 'exists', 'not_found'] as const) expect(check('cas', kind, 0, {mark})).toBeNull()
    expect(check('cas', 'end', 0, {mark})).toBe('out of step: END for cas')
    expect(check('cas', 'end', 1, {mark})).toBe('out of step: VALUE for cas')
  })

  test.each(methodNames)('that refuses a command can be had by any: %s', name => {
    for (const kind of ['error', 'client_error', 'server_error'] as const) expect(check(name, kind)).toBeNull()
  })

  test('to a get of many keys has as many values at most', () => {
    expect(check('get', 'end', 10, {keys: 10})).toBeNull()
    expect(check('get', 'end', 11, {keys: 10})).toBe('out of step: 11 values for get')
  })
})

const mix = [
  {method: 'get' as const, weight: 1},
  {method: 'set' as const, weight: 1},
]

test.each([
  ['closed loop', {callsPerConnection: 2000, pipeline: 8}],
  ['open loop', {ratePerSecond: 4000, durationSeconds: 1}],
] as const)('replies that are dropped end their connections, and are booked on no other call (%s)', async (_, loop) => {
  // A value that would be many kinds of errors, were its lines taken for replies.
  const value = Array.from({length: 50}, (_unused, line) => `SERVER_ERROR ${line}`).join('\r\n')
  const answered = {get: 0, set: 0}
  const {address} = await startFakeMemcached(request => {
    if (request.index % 500 === 499) return undefined
    answered[request.method as 'get' | 'set']++
    return request.method === 'get'
      ? `VALUE ${request.key} 0 ${value.length}\r\n${value}\r\nEND\r\n`
      : wellBehaved(request)
  })
  const {tally, connectionErrors, connections} = await runLoop({
    targets: [address],
    changes: {connections: 4, mix, reconnect: true, timeoutMs: 1000, ...loop},
  })
  expect(tally.errors).toEqual({})
  expect(tally.hit).toBeLessThanOrEqual(answered.get)
  expect(tally.ok - tally.hit).toBeLessThanOrEqual(answered.set)
  expect(tally.lostWithConnection + tally.timedOut).toBeGreaterThanOrEqual(4)
  expect(connections.reopened).toBeGreaterThanOrEqual(4)
  const kinds = Object.keys(connectionErrors)
  expect(kinds.some(kind => /^out of step: (VALUE for set|STORED for get)$/.test(kind))).toBe(true)
  expect(kinds.every(kind => /^(out of step: (VALUE for set|STORED for get)|call time-out)$/.test(kind))).toBe(true)
})

test('a barrier is answered by a version and nothing else', async () => {
  const {address} = await startFakeMemcached(({method}) => (method === 'version' ? 'STORED\r\n' : undefined))
  const {connectionErrors} = await runLoop({
    targets: [address],
    changes: {connections: 1, callsPerConnection: 5, noreply: true},
  })
  expect(connectionErrors).toEqual({'out of step: no VERSION for version': 1})
})
