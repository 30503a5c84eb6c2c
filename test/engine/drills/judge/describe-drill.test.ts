import {describe, expect, test} from 'vitest'
import {findingKinds} from '../../../../src/engine/check/ledger/ledger-verdict.js'
import type {ConsistencyCheck} from '../../../../src/engine/check/pair-check.js'
import type {SeenFailovers} from '../../../../src/engine/drills/failover/failover-watch.js'
import {type DrillFacts, describeDrill} from '../../../../src/engine/drills/judge/describe-drill.js'
import {emptyVerification} from '../../../../src/engine/verify/verification.js'
import {makePlan} from '../../helpers/plans.js'
import {latency, makeResult} from '../../helpers/results.js'

const plan = makePlan({ratePerSecond: 1000, durationSeconds: 60, connections: 10})

const check: ConsistencyCheck = {
  nodes: ['m1', 's1'],
  keys: 100,
  intact: 100,
  expired: 0,
  evicted: 0,
  undecided: 0,
  findings: Object.fromEntries(findingKinds.map(kind => [kind, 0])) as ConsistencyCheck['findings'],
  lostWrites: 0,
  lostAcks: null,
  worstStaleVersions: 0,
  removals: [],
  exptimesCompared: null,
  examples: [],
  seconds: 1,
  crossed: true,
}

const noFailovers: SeenFailovers = {failovers: [], readsBehind: [], witnessReads: 3, surveyReads: 4, isComplete: true}

const outage = {connection: 7, from: 9.99, failed: 10.1, failure: 'reset', attempt: 10.3, to: 10.4}

/** A drill of kill-master whose pair recovered; its fault is at 10 s. */
function facts(changes: Partial<DrillFacts> = {}): DrillFacts {
  return {
    drill: {name: 'kill-master', advice: 'Start the dead node again.'},
    cluster: {
      topology: 'pair',
      resilient: false,
      master: {name: 'm1', backend: 'embedded', address: {host: '127.0.0.1', port: 1}},
      slave: {name: 's1', backend: 'embedded', address: {host: '127.0.0.2', port: 2}},
    },
    plan,
    startedAt: new Date('2026-01-02T03:04:05.678Z'),
    startUnixMs: 1_000_000,
    steps: [],
    faults: [],
    problem: null,
    times: {fault: 10, recover: 12, paired: 13, settled: true, end: 15},
    check,
    comparison: null,
    lagUs: null,
    lagByPhaseUs: null,
    run: makeResult({plan, outages: [outage], verification: emptyVerification()}),
    load: {
      intervals: [],
      responseUs: {before: latency, during: latency, after: latency},
      copyingUs: latency,
    },
    copies: [],
    emptySpans: [],
    probed: null,
    failovers: noFailovers,
    judged: [],
    acknowledged: () => 0,
    ackOriginUnixMs: 1_000_000,
    ...changes,
  }
}

const ownKeys = (absence: 'lost' | 'evicted'): DrillFacts['comparison'] => ({
  keys: 500,
  same: 493,
  onNeither: 7,
  unread: 0,
  unreadExamples: [],
  differences: {missingOnA: 0, missingOnB: 0, value: 0, flags: 0, exptime: 0},
  examples: [],
  listedBy: ['keys'],
  listedInPart: [],
  seenWhole: [],
  exptimes: false,
  seconds: 1,
  absence,
})

test('names the pair, its nodes in order, and when the drill began', () => {
  expect(describeDrill(facts())).toMatchObject({
    drill: 'kill-master',
    startedAt: '2026-01-02T03:04:05.678Z',
    topology: 'pair',
    nodes: [
      {name: 'm1', backend: 'embedded', address: '127.0.0.1:1'},
      {name: 's1', backend: 'embedded', address: '127.0.0.2:2'},
    ],
    advice: null,
  })
})

describe('without a fault', () => {
  test('nothing is measured and nothing counts as lost', () => {
    const {measures, rpo, check: checked} = describeDrill(facts({times: null, problem: 'interrupted'}))
    expect([measures, rpo, checked]).toEqual([null, null, check])
  })
})

describe('without a load that ended well', () => {
  test('there are no timings, but what the nodes hold is judged', () => {
    const {measures, wrongReads, rpo, events} = describeDrill(facts({run: null}))
    expect([measures, wrongReads, events]).toEqual([null, null, []])
    expect(rpo).toMatchObject({writes: 0, witnessReads: 3, surveyReads: 4})
  })
})

describe('RTO', () => {
  test('is that of the load’s clients, with the time between their calls', () => {
    const {rtoMs, probes} = describeDrill(facts()).measures!
    expect(rtoMs).toMatchObject({clients: 1, by: 'load', resolutionMs: 10, max: 400})
    expect(probes).toBeNull()
  })

  test('is that of the drill’s own clients where there are some', () => {
    const report = {clients: 4, callEveryMs: 5, calls: 800, failed: 9}
    const probed = {report, outages: [{...outage, connection: 1, to: 10.25, attempt: 10.2}]}
    const {rtoMs, probes, firstErrorMs} = describeDrill(facts({probed})).measures!
    expect(rtoMs).toMatchObject({clients: 1, by: 'probes', resolutionMs: 5, max: 250})
    expect(probes).toEqual(report)
    // Of the load, as ever.
    expect(firstErrorMs).toBe(100)
  })
})

test('errors of the load: connections first, then calls, those without any left out', () => {
  const {operations} = makeResult()
  const run = makeResult({plan, operations: {...operations, timedOut: 0}})
  const {errors} = describeDrill(facts({run})).measures!
  expect(Object.entries(errors).filter(([kind]) => kind.startsWith('call'))).toEqual([
    ['call: lost with their connection', 6],
    ['call: SERVER_ERROR out of memory', 10],
  ])
  const kinds = Object.keys(errors)
  expect(kinds.findLastIndex(kind => kind.startsWith('connection'))).toBeLessThan(
    kinds.findIndex(kind => kind.startsWith('call')),
  )
})

describe('extra keys written by the drill', () => {
  test('count as lost, at failovers and at the end, where their absence means that', () => {
    const {rpo} = describeDrill(facts({comparison: ownKeys('lost')}))
    expect(rpo).toMatchObject({writes: 7, keys: 7, atEnd: {writes: 7, keys: 7}})
  })

  test('and not where they were evicted', () => {
    const {rpo} = describeDrill(facts({comparison: ownKeys('evicted')}))
    expect(rpo).toMatchObject({writes: 0, keys: 0, atEnd: {writes: 0, keys: 0}})
  })
})

describe('wrong reads', () => {
  const verification = {...emptyVerification(), missing: 2}
  const read = {kind: 'read', key: 1, state: 'absent', version: 0, server: 0, expected: 3, atMs: 5000} as const

  test.each([
    ['evictions', {evictions: 1, isCertain: true}, 1],
    ['an uncertain count of evictions', {evictions: 0, isCertain: false}, 1],
    ['no eviction', {evictions: 0, isCertain: true}, 0],
  ])('that are missing are perhaps evicted after %s', (_, removed, perhapsEvicted) => {
    const removals = [{name: 'm1', reclaimed: 0, expiredUnfetched: 0, ...removed}]
    const {wrongReads} = describeDrill(
      facts({
        run: makeResult({plan, verification}),
        check: {...check, removals},
        failovers: {...noFailovers, readsBehind: [read]},
      }),
    )
    expect(wrongReads).toMatchObject({total: 2, perhapsEvicted, unexplained: 2 - perhapsEvicted})
  })

  test('are unknown without a check', () => {
    expect(describeDrill(facts({run: makeResult({plan, verification}), check: null})).wrongReads).toBeNull()
  })
})

test('a pair that did not recover gets the drill’s advice', () => {
  const times = {fault: 10, recover: 12, paired: null, settled: true, end: 15}
  expect(describeDrill(facts({times})).advice).toBe('Start the dead node again.')
})
