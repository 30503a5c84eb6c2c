import {findingKinds} from '../../../src/engine/check/ledger/ledger-verdict.js'
import type {ConsistencyCheck} from '../../../src/engine/check/pair-check.js'
import type {DrillResult} from '../../../src/engine/drills/judge/drill-result.js'
import type {DrillRpo} from '../../../src/engine/drills/judge/drill-rpo.js'
import type {DrillTimings} from '../../../src/engine/drills/judge/drill-timings.js'
import {clientPolicies, planOfPolicy} from '../../../src/engine/plan/client-policies.js'
import {latency} from './results.js'

export const drillTimings: DrillTimings = {
  firstErrorMs: 10,
  detectionMs: 12,
  detectedBy: {node: 's1', kind: 'linkLost'},
  errors: {},
  p99BackMs: 300,
  fullCopy: null,
  rtoMs: {
    clients: 20,
    never: 0,
    min: 30,
    p50: 35,
    max: 40,
    by: 'load',
    resolutionMs: 10,
    median: null,
    worst: null,
    byClient: [],
  },
  probes: null,
  unservedMs: 0,
  backToBaselineMs: 200,
  pairedAgainMs: 900,
  writesPerSecond: 1000,
  throughput: {before: 2000, during: 1990, after: 2000},
  responseUs: {before: latency, during: latency, after: latency},
}

/** What the nodes hold when all is well. */
export function makeCheck(
  findings: Partial<ConsistencyCheck['findings']> = {},
  changes: Partial<ConsistencyCheck> = {},
) {
  const none = Object.fromEntries(findingKinds.map(kind => [kind, 0])) as ConsistencyCheck['findings']
  return {
    nodes: ['m1', 's1'],
    keys: 100,
    intact: 100,
    expired: 0,
    evicted: 0,
    undecided: 0,
    findings: {...none, ...findings},
    lostWrites: 0,
    lostAcks: null,
    worstStaleVersions: 0,
    removals: [],
    exptimesCompared: null,
    examples: [],
    seconds: 1,
    crossed: true,
    ...changes,
  }
}

export function makeRpo(changes: Partial<DrillRpo>): DrillRpo {
  const none = {writes: 0, keys: 0, ms: 0, first: null, last: null}
  return {...none, unknown: 0, atEnd: none, failovers: [], witnessReads: 0, surveyReads: 0, ...changes}
}

/** A drill after which all is well; tests change what they are about. */
export function makeDrillResult(changes: Partial<DrillResult> = {}): DrillResult {
  return {
    drill: 'kill-master',
    startedAt: '2026-01-02T03:04:05.678Z',
    topology: 'pair',
    nodes: [],
    resilient: false,
    clients: planOfPolicy(clientPolicies.repbench),
    steps: [],
    faults: [],
    problem: null,
    times: {fault: 3, recover: 5, paired: 6, settled: true, end: 8},
    measures: drillTimings,
    check: makeCheck(),
    rpo: makeRpo({}),
    comparison: null,
    faultyReads: [],
    wrongReads: null,
    lagUs: null,
    lagByPhaseUs: null,
    events: [],
    advice: null,
    run: null,
    ...changes,
  }
}
