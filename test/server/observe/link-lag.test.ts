import {expect, it} from 'vitest'
import type {ProbeEvidence} from '../../../src/server/node-api/pair-probe.js'
import {LinkLag} from '../../../src/server/observe/link-lag.js'

const seenAll: ProbeEvidence = {crossedAtMs: null, missing: null, problem: null, oldestUnseenMs: null}
const waiting = (sinceMs: number): ProbeEvidence => ({...seenAll, oldestUnseenMs: sinceMs})
const sample = (atMs: number, lagUs: number) => ({from: 'm1', to: 's1', atMs, lagUs, resolutionUs: 0})

it('is the longest of the last second, of each direction', () => {
  const lag = new LinkLag('m1')
  expect(lag.now([seenAll, seenAll], 0)).toEqual([null, null])
  for (const each of [sample(1000, 900), sample(1800, 500), sample(2500, 100)]) lag.add(each)
  lag.add({...sample(2500, 70), from: 's1', to: 'm1'})
  expect(lag.now([seenAll, seenAll], 2500)).toEqual([500, 70])
  // The newest stays.
  expect(lag.now([seenAll, seenAll], 9000)).toEqual([100, 70])
})

it('climbs with the age of the oldest write that has not arrived', () => {
  const lag = new LinkLag('m1')
  lag.add(sample(1000, 300))
  expect(lag.now([waiting(1250), seenAll], 1300)[0]).toBe(300)
  expect(lag.now([waiting(1250), seenAll], 2250)[0]).toBe(1_000_000)
  expect(lag.now([waiting(1250), waiting(1250)], 6250)).toEqual([5_000_000, 5_000_000])
})
