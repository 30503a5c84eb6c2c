import {describe, expect, test} from 'vitest'
import {generatorHealth, isSaturated} from '../../src/engine/generator-health.js'

describe('a closed loop', () => {
  test.each([
    [0.94, false],
    [0.96, true],
  ])('whose thread is busy for %d of the time: saturated %s', (busyShare, saturated) => {
    expect(isSaturated({lateShare: null, busyShare})).toBe(saturated)
  })
})

describe('an open loop', () => {
  test.each([
    ['a full core, calls in time', 0.009, 1, false],
    ['a full core, late calls', 0.011, 0.96, true],
    ['time to spare, late calls', 0.3, 0.4, false],
    ['time to spare, most calls late', 0.51, 0.4, true],
  ])('%s', (_, lateShare, busyShare, saturated) => {
    expect(isSaturated({lateShare, busyShare})).toBe(saturated)
  })
})

test.each([
  [{lateShare: null, saturated: false}, 'keeps up'],
  [{lateShare: 0.01, saturated: false}, 'keeps up'],
  [{lateShare: 0.02, saturated: false}, 'late'],
  [{lateShare: 0.02, saturated: true}, 'saturated'],
])('%o is said to be: %s', (generator, health) => {
  expect(generatorHealth(generator)).toBe(health)
})
