import {describe, expect, test} from 'vitest'
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

describe('unserved time', () => {
  test('counts intervals whose middle lies behind the fault', () => {
    const silent = intervals(...Array.from({length: 40}, (_, index) => (index >= 14 && index < 17 ? 0 : 1000)))
    // From 2.8 to 3.4 s: that from 2.8 to 3 began before the fault.
    expect(measure([], {intervals: silent}).unservedMs).toBe(400)
  })
})

describe('the first error', () => {
  test('is of a connection, not of a call that waited', () => {
    const outages = [
      {connection: 0, from: 2.9, failed: 3.1, failure: null, attempt: null, to: 3.9},
      {connection: 1, from: 2.9, failed: 3.2, failure: 'reset', attempt: null, to: 3.3},
    ]
    expect(measure([], {outages}).firstErrorMs).toBe(200)
  })

  test('may be noted a moment before the fault', () => {
    expect(measure([{connection: 0, from: 2, failed: 2.98, to: 3.3}]).firstErrorMs).toBe(0)
    const soak = measure([{connection: 0, from: 2, failed: 4.45, to: 4.9}], {faultTimes: [3, 4.5]})
    expect(soak.firstErrorMs).toBe(0)
    const before = measure([{connection: 0, from: 2, failed: 4.44, to: 4.9}], {faultTimes: [3, 4.5]})
    expect(before.firstErrorMs).toBe(1440)
  })
})

describe('the detection', () => {
  const event = (t: number, kind: string) => ({t, kind, node: 's1', text: ''})

  test('may be noted a moment before the fault', () => {
    expect(measure([], {events: [event(2.95, 'linkLost')]}).detectionMs).toBe(0)
    expect(measure([], {events: [event(2.94, 'linkLost')]}).detectionMs).toBeNull()
  })

  test('is not by a joiner whose copy came later', () => {
    const events = [event(3.02, 'dialFailed'), event(3.1, 'fullSyncStarted')]
    expect(measure([], {events}).detectedBy).toBeNull()
  })

  test('is by what happened last to a joiner before: its copy, not any other word', () => {
    const events = [event(2, 'fullSyncStarted'), event(2.5, 'linkUp'), event(3.02, 'dialFailed')]
    expect(measure([], {events}).detectionMs).toBe(20)
    const done = [
      event(2, 'fullSyncStarted'),
      event(2.5, 'fullSyncDone'),
      event(3, 'linkUp'),
      event(3.02, 'dialFailed'),
    ]
    expect(measure([], {events: done}).detectionMs).toBeNull()
  })
})

test('of several full syncs the longest counts; of none that is complete, none', () => {
  const copy = (from: number, to: number | null) => ({node: 's1', from, to, keys: 1})
  expect(measure([], {copies: [copy(5, 5.1), copy(6, 6.4)]}).fullCopy?.longestMs).toBe(400)
  expect(measure([], {copies: [copy(5, null)]}).fullCopy?.longestMs).toBeNull()
})

test('without a recovery there is no time from it', () => {
  expect(measure([], {times: {...times, recover: null}}).pairedAgainMs).toBeNull()
})

test('a load that was not measured before the fault has no rate, and nothing to come back to', () => {
  const measures = measure([], {times: {...times, fault: 0}})
  expect(measures).toMatchObject({writesPerSecond: null, backToBaselineMs: null, p99BackMs: null})
  expect(measures.throughput.before).toBeNull()
  const idle = intervals(...Array.from({length: 40}, () => 0))
  expect(measure([], {intervals: idle})).toMatchObject({backToBaselineMs: null, p99BackMs: null})
})

test('the rate during a fault is that until the pair recovered, or to the end', () => {
  // 1000/s up to 3 s, 200/s to 6 s, 500/s to 8 s.
  const rates = intervals(...Array.from({length: 40}, (_, index) => (index < 15 ? 1000 : index < 30 ? 200 : 500)))
  expect(measure([], {intervals: rates}).throughput).toEqual({
    before: expect.closeTo(1000),
    during: expect.closeTo(200),
    after: expect.closeTo(500),
  })
  const unpaired = measure([], {intervals: rates, times: {...times, paired: null}})
  expect(unpaired.throughput.during).toBeCloseTo((15 * 200 + 10 * 500) / 25)
})

test('times net of the generator are told where there are some', () => {
  expect(measure([])).not.toHaveProperty('netResponseUs')
  expect(measure([], {netResponseUs: responseUs}).netResponseUs).toBe(responseUs)
})

describe('back to the rate before', () => {
  const ratesAfter = (...rates: readonly number[]) => [
    ...Array.from({length: 15}, () => 1000),
    ...rates,
    ...Array.from({length: 25 - rates.length}, () => 1000),
  ]
  const backOf = (rates: readonly number[], changes: Parameters<typeof measure>[1] = {}) =>
    measure([], {intervals: intervals(...rates), ...changes}).backToBaselineMs

  test('is 95 % of it, or as little as there was at its worst', () => {
    expect(backOf(ratesAfter(949, 950, 950, 950))).toBe(200)
    expect(backOf(ratesAfter(950))).toBe(0)
    const unsteady = ratesAfter(800, 900)
    unsteady[3] = 800
    expect(backOf(unsteady)).toBe(0)
    unsteady[2] = 801
    unsteady[3] = 801
    expect(backOf(unsteady)).toBe(200)
  })

  test('must hold for three intervals, the last of which may end the load', () => {
    const late = [...Array.from({length: 15}, () => 1000), ...Array.from({length: 22}, () => 0), 1000, 1000, 1000]
    expect(backOf(late)).toBe(4400)
    const tooLate = [...Array.from({length: 15}, () => 1000), ...Array.from({length: 23}, () => 0), 1000, 1000]
    expect(backOf(tooLate)).toBeNull()
  })

  test('counts from where it fell, not from good moments before', () => {
    expect(backOf(ratesAfter(1000, 1000, 1000, 1000, 0))).toBe(1000)
  })

  test('counts from the last fault of a soak, and by the rate before the first', () => {
    const soak = ratesAfter(0, 0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 0, 0)
    expect(backOf(soak, {faultTimes: [3, 5]})).toBe(400)
  })

  test('does not go by the end of the load, which is no whole interval', () => {
    const whole = intervals(...ratesAfter(0))
    const sliver = {t: 8.01, seconds: 0.01, opsPerSecond: 0, errors: 0, p99: 9000}
    expect(measure([], {intervals: [...whole, sliver]})).toMatchObject({backToBaselineMs: 200, p99BackMs: 0})
  })
})

describe('the p99 is back', () => {
  const withP99 = (before: readonly (number | null)[], after: readonly (number | null)[]) => {
    const all = [...before, ...Array.from({length: 15 - before.length}, () => 1000), ...after]
    return steady.map((interval, index) => ({...interval, p99: index < all.length ? all[index]! : 1000}))
  }
  const backOf = (before: readonly (number | null)[], after: readonly (number | null)[]) =>
    measure([], {intervals: withP99(before, after)}).p99BackMs

  test('when it is no worse than the worst before', () => {
    expect(backOf([], [])).toBe(0)
    expect(backOf([], [1001, 5000, 1000])).toBe(400)
    expect(backOf([2000], [2000, 1500])).toBe(0)
    expect(backOf([2000, null], [2001])).toBe(200)
  })

  test('not where nothing was answered', () => {
    expect(backOf([], [null, 900])).toBe(200)
  })

  test('never, where it was not known before', () => {
    expect(backOf(Array<null>(15).fill(null), [1000])).toBeNull()
  })
})
