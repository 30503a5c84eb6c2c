import {describe, expect, test} from 'vitest'
import type {Failover} from '../../../../src/engine/drills/failover/failovers.js'
import {type DrillFacts, describeDrill} from '../../../../src/engine/drills/judge/describe-drill.js'
import type {DrillTimes} from '../../../../src/engine/drills/judge/drill-timings.js'
import type {Verification} from '../../../../src/engine/verify/verification.js'
import {drillTimings, makeCheck} from '../../helpers/drill-results.js'
import {makePlan} from '../../helpers/plans.js'
import {latency, makeResult} from '../../helpers/results.js'

const START_UNIX_MS = 1_700_000_000_000
const times: DrillTimes = {fault: 3, recover: 5, paired: 6, settled: true, end: 8}
const seen = {failovers: [], readsBehind: [], witnessReads: 0, surveyReads: 0, isComplete: true}
const reset = {connection: 0, from: 2.99, failed: 3.01, failure: 'reset', attempt: 3.02, to: 3.05}
const verification = {stale: 1, missing: 2, foreign: 0, corrupt: 0, spells: []} as unknown as Verification

/** The keys of a failover: each with the versions that were acknowledged at 2.9 s, and what was found. */
function failoverAt(atMs: number, held: number | null, versions: readonly number[]): Failover {
  const writes = versions.map(version => ({key: 1, version, atMs: 2900, removes: false}))
  const risk = {writes, held, isSupposed: false, isAbsent: held === 0, isTouched: false}
  return {
    from: 0,
    to: 1,
    firstMs: atMs,
    lastMs: atMs,
    connections: new Map([[0, {riskFromMs: 2800, atMs}]]),
    keys: new Map([[1, risk]]),
    isWidened: false,
    isInOrder: true,
    isComplete: true,
    additions: 0,
  } as unknown as Failover
}

/** A drill after which all is well; tests change what they are about. */
function facts(changes: Partial<DrillFacts> = {}): DrillFacts {
  return {
    drill: {name: 'kill-master', advice: 'start it again'},
    cluster: {
      topology: 'pair',
      resilient: true,
      master: {name: 'm1', backend: 'embedded', address: {host: '127.0.0.1', port: 11211}},
      slave: {name: 's1', backend: null, address: {host: '127.0.0.1', port: 11212}},
    },
    plan: makePlan({ratePerSecond: 1000, durationSeconds: 8, connections: 10}),
    startedAt: new Date('2026-01-02T03:04:05.678Z'),
    startUnixMs: START_UNIX_MS,
    load: {intervals: [], responseUs: {before: latency, during: latency, after: latency}, copyingUs: latency},
    copies: [],
    emptySpans: [],
    probed: null,
    failovers: seen,
    judged: [],
    acknowledged: () => 0,
    ackOriginUnixMs: START_UNIX_MS,
    steps: [],
    faults: [],
    problem: null,
    times,
    check: makeCheck(),
    comparison: null,
    lagUs: null,
    lagByPhaseUs: null,
    run: makeResult({outages: [reset]}),
    ...changes,
  }
}

test('a drill says what was rehearsed, on which nodes, and when', () => {
  expect(describeDrill(facts())).toMatchObject({
    drill: 'kill-master',
    startedAt: '2026-01-02T03:04:05.678Z',
    topology: 'pair',
    resilient: true,
    nodes: [
      {name: 'm1', backend: 'embedded', address: '127.0.0.1:11211'},
      {name: 's1', backend: null, address: '127.0.0.1:11212'},
    ],
    clients: {timeoutMs: 5000, failover: false},
    problem: null,
    advice: null,
  })
})

test('a drill without a run or a fault has no measures, no RPO and no events', () => {
  const none = {measures: null, rpo: null}
  expect(describeDrill(facts({run: null}))).toMatchObject({
    measures: null,
    events: [],
    faultyReads: [],
    wrongReads: null,
  })
  expect(describeDrill(facts({times: null}))).toMatchObject(none)
  expect(describeDrill(facts({check: null}))).toMatchObject({rpo: null, measures: {}})
})

describe('the measures', () => {
  const measuresOf = (changes: Partial<DrillFacts> = {}) => describeDrill(facts(changes)).measures!

  test('are those of the load’s own clients', () => {
    expect(measuresOf()).toMatchObject({
      firstErrorMs: 10,
      rtoMs: {clients: 1, max: 50, by: 'load', resolutionMs: 10},
      probes: null,
    })
  })

  test('count the RTO by the drill’s own clients where there are some', () => {
    const report = {clients: 2, callEveryMs: 20, calls: 100, failed: 3}
    const outages = [{...reset, to: 4}]
    expect(measuresOf({probed: {report, outages}})).toMatchObject({
      firstErrorMs: 10,
      rtoMs: {clients: 1, max: 1000, by: 'probes', resolutionMs: 20},
      probes: report,
    })
  })

  test('count from the faults of a soak', () => {
    const faults = [{number: 1, fault: 'x', t: 3.005, wholeAfterMs: 1}] as unknown as DrillFacts['faults']
    expect(measuresOf({faults}).firstErrorMs).toBe(5)
  })

  test('tell errors by kind: connections, then calls; none of a kind that did not come', () => {
    const run = makeResult({
      operations: {
        ...makeResult().operations,
        errors: {'SERVER_ERROR out of memory': 10},
        timedOut: 4,
        lostWithConnection: 6,
        unanswered: 0,
      },
      connections: {...makeResult().connections, errors: {reset: 2}},
    })
    expect(measuresOf({run}).errors).toEqual({
      'connection: reset': 2,
      'call: timed out': 4,
      'call: lost with their connection': 6,
      'call: SERVER_ERROR out of memory': 10,
    })
    const many = Object.fromEntries(Array.from({length: 60}, (_, index) => [`error ${index}`, 1]))
    const manyErrors = measuresOf({run: makeResult({operations: {...run.operations, errors: many}})}).errors
    expect(Object.keys(manyErrors)).toHaveLength(32)
  })

  test('count writes by their share in the mix', () => {
    const intervals = Array.from({length: 15}, (_, index) => ({
      t: (index + 1) / 5,
      seconds: 0.2,
      opsPerSecond: 1000,
      errors: 0,
      p99: 1000,
    }))
    const load = {...facts().load, intervals}
    const writesOf = (mix: DrillFacts['plan']['mix']) =>
      measuresOf({load, run: makeResult({plan: makePlan({mix})})}).writesPerSecond
    expect(writesOf([{method: 'set', weight: 1}])).toBeCloseTo(1000)
    expect(
      writesOf([
        {method: 'get', weight: 9},
        {method: 'set', weight: 1},
      ]),
    ).toBeCloseTo(100)
    expect(writesOf([{method: 'get', weight: 1}])).toBeNull()
  })

  test('tell of full syncs', () => {
    const copies = [{node: 'm1', from: 5, to: 5.5, keys: 10}]
    expect(measuresOf({copies}).fullCopy).toMatchObject({copies, longestMs: 500})
    expect(measuresOf().fullCopy).toBeNull()
  })
})

describe('the RPO', () => {
  const rpoOf = (changes: Partial<DrillFacts> = {}) => describeDrill(facts(changes)).rpo!

  test('counts what was lost at a failover, on the clock of the load', () => {
    const failovers = {...seen, failovers: [failoverAt(3100, 2, [2, 3, 4])]}
    // The acknowledgements' clock began a second before the load.
    expect(rpoOf({failovers, acknowledged: () => 4, ackOriginUnixMs: START_UNIX_MS - 1000})).toMatchObject({
      writes: 2,
      keys: 1,
      first: 1.9,
      failovers: [{from: 'm1', to: 's1', t: 2.1, writes: 2}],
    })
  })

  test('runs to the fault, or to that of a soak', () => {
    const failovers = {...seen, failovers: [failoverAt(3100, 2, [3])]}
    expect(rpoOf({failovers}).ms).toBe(100)
    const faults = [{number: 1, fault: 'x', t: 3.05, wholeAfterMs: 1}] as unknown as DrillFacts['faults']
    expect(rpoOf({failovers, faults}).ms).toBe(150)
  })

  test('does not take what expired for lost', () => {
    const failovers = {...seen, failovers: [failoverAt(3100, 0, [3])]}
    expect(rpoOf({failovers})).toMatchObject({writes: 1, unknown: 0})
    const plan = makePlan({ratePerSecond: 1000, durationSeconds: 8, ttlSeconds: 60})
    expect(rpoOf({failovers, plan})).toMatchObject({writes: 0, unknown: 1})
  })

  test('counts what is lost at the end from the start of the load', () => {
    const lostAcks = {firstMs: START_UNIX_MS + 2900, lastMs: START_UNIX_MS + 2950, isComplete: true}
    const check = makeCheck({lost: 2}, {lostWrites: 3, lostAcks})
    expect(rpoOf({check}).atEnd).toEqual({writes: 3, keys: 2, ms: 100, first: 2.9, last: 2.95})
  })

  test('counts extra keys of the drill that are on neither node', () => {
    const comparison = {absence: 'lost', onNeither: 7, differences: {}} as unknown as DrillFacts['comparison']
    expect(rpoOf({comparison})).toMatchObject({writes: 7, keys: 7, atEnd: {writes: 7, keys: 7}})
    const evicted = {absence: 'evicted', onNeither: 7, differences: {}} as unknown as DrillFacts['comparison']
    expect(rpoOf({comparison: evicted})).toMatchObject({writes: 0, keys: 0})
  })
})

describe('wrong reads', () => {
  const behind = {kind: 'read', key: 9, state: 'absent', expected: 1, atMs: 5000} as never
  const failovers = {...seen, readsBehind: [behind]}
  const run = makeResult({verification})
  const explained = (removals: readonly {evictions: number; isCertain: boolean}[]) =>
    describeDrill(facts({run, failovers, check: makeCheck({}, {removals: removals as never})})).wrongReads

  test('may be of evicted items when a node evicted some, or does not say', () => {
    expect(explained([{evictions: 0, isCertain: true}])).toMatchObject({total: 3, perhapsEvicted: 0})
    expect(explained([{evictions: 1, isCertain: true}])).toMatchObject({perhapsEvicted: 1})
    expect(explained([{evictions: 0, isCertain: false}])).toMatchObject({perhapsEvicted: 1})
  })

  test('are not explained without verification, or where the nodes could not be read', () => {
    expect(describeDrill(facts()).wrongReads).toBeNull()
    expect(describeDrill(facts({run, check: null})).wrongReads).toBeNull()
  })

  test('are told by the node that gave them', () => {
    const spell = {server: '127.0.0.1:11212', from: 4, to: 5, kind: 'stale', reads: 3} as never
    const spells = makeResult({verification: {...verification, spells: [spell]} as Verification})
    expect(describeDrill(facts({run: spells})).faultyReads).toMatchObject([{node: 's1', fault: null}])
  })
})

test('the advice is that of the drill when the pair did not recover', () => {
  expect(describeDrill(facts({times: {...times, paired: null}})).advice).toBe('start it again')
  expect(drillTimings.firstErrorMs).toBe(10)
})
