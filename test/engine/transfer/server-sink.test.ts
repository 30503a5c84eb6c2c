import {expect, test} from 'vitest'
import {type ExptimeRules, expiryAtTarget, isUnsafe} from '../../../src/engine/transfer/server-sink.js'

const NOW = 1_800_000_000

test.each<[string, number | null, Partial<ExptimeRules>, number | 'expired']>([
  ['never', 0, {shiftSeconds: 50}, 0],
  ['to come', NOW + 1, {}, NOW + 1],
  ['now', NOW, {}, 'expired'],
  ['past', NOW - 9, {}, 'expired'],
  ['past, by a clock that is ahead there', NOW - 9, {shiftSeconds: 10}, NOW + 1],
  ['to come, by a clock that is behind there', NOW + 9, {shiftSeconds: -10}, 'expired'],
  ['unknown', null, {unknownTtlSeconds: 60, shiftSeconds: 10}, NOW + 60],
  ['unknown, taken for never', null, {}, 0],
])('an exptime that is %s', (_, expiresAt, rules, expected) => {
  expect(expiryAtTarget(expiresAt, {shiftSeconds: 0, unknownTtlSeconds: 0, ...rules}, NOW)).toBe(expected)
})

test('only repcached is harmed by large flags', () => {
  expect(isUnsafe({flags: 2 ** 31}, {program: 'repcached'})).toBe(true)
  expect(isUnsafe({flags: 2 ** 31 - 1}, {program: 'repcached'})).toBe(false)
  expect(isUnsafe({flags: 2 ** 31}, {program: 'memcached'})).toBe(false)
})
