import {describe, expect, test} from 'vitest'
import {generatorHealth, isSaturated, lateShareOf} from '../../../src/engine/measure/generator-health.js'

describe('a closed loop', () => {
  test.each([
    [0.94, false],
    [0.95, false],
    [0.96, true],
  ])('whose thread is busy for %d of the time: saturated %s', (busyShare, saturated) => {
    expect(isSaturated({openLoop: false, lateShare: null, busyShare})).toBe(saturated)
  })
})

describe('an open loop', () => {
  test.each([
    ['a full core, calls in time', 0.009, 1, false],
    ['a full core, late calls', 0.011, 0.96, true],
    ['time to spare, late calls', 0.3, 0.4, false],
    ['time to spare, most calls late', 0.51, 0.4, true],
    ['a full core, as late as is tolerated', 0.01, 1, false],
    ['time to spare, just half of the calls late', 0.5, 0.4, false],
    ['a full core, nobody to send to', null, 1, false],
  ])('%s', (_, lateShare, busyShare, saturated) => {
    expect(isSaturated({openLoop: true, lateShare, busyShare})).toBe(saturated)
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

test.each([
  ['all calls were its own', {sent: 1000, heldUp: 0, late: 10}, 0.01],
  ['those that the server held up do not count', {sent: 1000, heldUp: 800, late: 10}, 0.05],
  ['a few calls say nothing', {sent: 1000, heldUp: 901, late: 99}, null],
  ['a hundred calls say enough', {sent: 1000, heldUp: 900, late: 50}, 0.5],
  ['nor does none', {sent: 0, heldUp: 0, late: 0}, null],
])('share of late calls: %s', (_, counts, share) => {
  expect(lateShareOf(counts)).toBe(share)
})
