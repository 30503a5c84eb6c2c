import {expect, test} from 'vitest'
import {measureTimings} from '../../../../src/engine/drills/judge/drill-timings.js'
import type {LoadInterval} from '../../../../src/engine/drills/judge/load-intervals.js'
import type {RunResult} from '../../../../src/engine/result/run-result.js'
import {latency} from '../../helpers/results.js'

const responseUs = {before: latency, during: latency, after: latency}
const quiet = {faultTimes: [], events: [], errors: {}, copies: [], copyingUs: latency}
const times = {fault: 3, recover: 5, paired: 6, settled: true, end: 8}

/** A fifth of a second each, from 0 on. */
function intervals(...rates: readonly number[]): LoadInterval[] {
  return rates.map((opsPerSecond, index) => ({t: (index + 1) / 5, seconds: 0.2, opsPerSecond, errors: 0, p99: 1000}))
}

const steady = intervals(...Array.from({length: 40}, () => 1000))

type Outage = RunResult['outages'][number]

/** Outages of connections that were reset. */
function measure(
  resets: readonly Omit<Outage, 'failure' | 'attempt'>[],
  changes: Partial<Parameters<typeof measureTimings>[0]> = {},
) {
  const outages = resets.map(reset => ({...reset, failure: 'reset', attempt: null}))
  const rto = {outages, by: 'load', resolutionMs: 10} as const
  const facts = {times, intervals: steady, outages, rto, probes: null, responseUs, writeShare: 0.5}
  return measureTimings({...facts, ...quiet, ...changes})
}

test('the RTO of each client counts from the fault to its next good reply', () => {
  const {rtoMs, firstErrorMs} = measure([
    {connection: 0, from: 2.99, failed: 3.01, to: 3.05},
    {connection: 1, from: 2.98, failed: 3.02, to: 3.25},
    {connection: 2, from: 2.97, failed: 3.02, to: 4},
  ])
  expect(rtoMs).toMatchObject({clients: 3, never: 0, min: 50, p50: 250, max: 1000})
  expect(firstErrorMs).toBe(10)
})

test('of a client with several outages the longest counts, the later ones from its last good reply', () => {
  const {rtoMs} = measure([
    {connection: 0, from: 2.99, failed: 3.01, to: 3.05},
    {connection: 0, from: 5, failed: 5.1, to: 5.4},
  ])
  expect(rtoMs).toMatchObject({clients: 1, max: 400})
})

test('clients that were never served again are told apart', () => {
  const {rtoMs} = measure([
    {connection: 0, from: 2.99, failed: 3.01, to: null},
    {connection: 1, from: 2.99, failed: 3.01, to: 3.5},
  ])
  expect(rtoMs).toMatchObject({clients: 2, never: 1, min: 500, p50: 500, max: 500})
})

test('what failed before the fault is no part of it', () => {
  expect(measure([{connection: 0, from: 1, failed: 1.1, to: 1.2}])).toMatchObject({
    firstErrorMs: null,
    rtoMs: {clients: 0, max: null},
  })
})

test('unserved time and the way back to the rate before', () => {
  const rates = [
    ...Array.from({length: 15}, () => 1000),
    ...[0, 0, 500, 1000, 400, 1000, 990, 960, 1000],
    ...Array.from({length: 16}, () => 1000),
  ]
  const measures = measure([], {intervals: intervals(...rates)})
  expect(measures.unservedMs).toBe(400)
  // One good moment at 3.8 s does not count.
  expect(measures.backToBaselineMs).toBe(1000)
  expect(measures.throughput.before).toBeCloseTo(1000)
  expect(measures.throughput.after).toBeCloseTo(1000)
  expect(measures.throughput.during).toBeLessThan(1000)
  expect(measures.writesPerSecond).toBeCloseTo(500)
})

test('a rate that never fell has nothing to come back from; one that stays low does not come back', () => {
  expect(measure([]).backToBaselineMs).toBe(0)
  const low = intervals(...Array.from({length: 40}, (_, i) => (i < 15 ? 1000 : 500)))
  expect(measure([], {intervals: low}).backToBaselineMs).toBeNull()
})

test('a pair that is never whole again', () => {
  const measures = measure([], {times: {...times, paired: null}})
  expect(measures).toMatchObject({pairedAgainMs: null, throughput: {after: null}})
  expect(measure([]).pairedAgainMs).toBe(1000)
})

test('of many faults each outage counts from the one before it', () => {
  const {rtoMs, firstErrorMs} = measure(
    [
      {connection: 0, from: 4, failed: 4.51, to: 4.6},
      {connection: 1, from: 4, failed: 6.02, to: 6.5},
    ],
    {faultTimes: [3, 4.5, 6]},
  )
  expect(rtoMs).toMatchObject({clients: 2, min: 100, max: 500})
  expect(firstErrorMs).toBe(10)
})

test('the first word in a log, and the copies with their cost', () => {
  const event = (t: number, kind: string) => ({t, kind, node: 's1', text: ''})
  const {detectionMs, detectedBy, fullCopy} = measure([], {
    events: [event(2, 'linkLost'), event(3.001, 'killed'), event(3.02, 'linkLost')],
    copies: [
      {node: 's1', from: 5.1, to: 5.2, keys: 100},
      {node: 's1', from: 6.1, to: null, keys: null},
    ],
  })
  expect([detectionMs, detectedBy]).toEqual([20, {node: 's1', kind: 'linkLost'}])
  expect(fullCopy).toMatchObject({longestMs: 100, copies: [{}, {to: null}]})
  expect(measure([]).fullCopy).toBeNull()
})

test('a joiner that finds nobody tells of the fault only where its copy had begun', () => {
  const event = (t: number, kind: string) => ({t, kind, node: 's1', text: ''})
  const alone = [event(2, 'fullSyncStarted'), event(2.1, 'fullSyncDone'), event(3.02, 'dialFailed')]
  expect(measure([], {events: alone}).detectedBy).toBeNull()
  const cutShort = [event(2.9, 'fullSyncStarted'), event(3.001, 'killed'), event(3.02, 'dialFailed')]
  expect(measure([], {events: cutShort})).toMatchObject({detectionMs: 20, detectedBy: {kind: 'dialFailed'}})
})
