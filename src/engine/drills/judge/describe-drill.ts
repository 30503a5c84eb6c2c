import {type Address, formatAddress} from '../../../protocol/address.js'
import {methods} from '../../data/methods.js'
import {addKind} from '../../measure/accounts.js'
import {policyOfPlan} from '../../plan/client-policies.js'
import type {LoadPlan} from '../../plan/plan.js'
import type {RunResult} from '../../result/run-result.js'
import type {Drill, DrillCluster} from '../contract/drill.js'
import type {SeenFailovers} from '../failover/failover-watch.js'
import {adviseOn, lostOwnKeys} from './drill-advice.js'
import type {DrillResult} from './drill-result.js'
import {type DrillRpo, joinRpo, measureRpoAtEnd} from './drill-rpo.js'
import {type DrillTimings, type FullSync, type MeasuredLoad, measureTimings, type Probing} from './drill-timings.js'
import {type JudgedKey, judgeFailovers} from './failover-losses.js'
import {describeFaultyReads, type EmptySpan} from './faulty-reads.js'
import {callSpacingMs} from './rto.js'
import {explainWrongReads, type WrongReads} from './wrong-reads.js'

interface NamedNode {
  readonly name: string
  readonly backend: string | null
  readonly address: Address
}

type Known = Pick<
  DrillResult,
  'steps' | 'faults' | 'problem' | 'times' | 'check' | 'comparison' | 'lagUs' | 'lagByPhaseUs' | 'run'
>

/** All that is known of a drill when it is over; seconds count from the start of the load. */
export interface DrillFacts extends Known {
  readonly drill: Pick<Drill, 'name' | 'advice' | 'prevention'>
  readonly cluster: Pick<DrillCluster, 'topology' | 'resilient'> & {
    readonly master: NamedNode
    readonly slave: NamedNode
  }
  /** Of the load. */
  readonly plan: LoadPlan
  readonly startedAt: Date
  /** Start of the load, Unix ms. */
  readonly startUnixMs: number
  readonly load: MeasuredLoad
  /** Full syncs since the fault. */
  readonly copies: readonly FullSync[]
  readonly emptySpans: readonly EmptySpan[]
  /** Of the drill's own clients; null without any. */
  readonly probed: Probing | null
  readonly failovers: SeenFailovers
  /** Keys that the check found wrong. */
  readonly judged: readonly JudgedKey[]
  /** The newest acknowledged version of a key. */
  readonly acknowledged: (key: number) => number
  /** Where the clock of the acknowledgements begins, Unix ms. */
  readonly ackOriginUnixMs: number
}

/** The result of a drill. */
export function describeDrill(facts: DrillFacts): DrillResult {
  const {drill, cluster, plan, startedAt, steps, faults, problem, times, check, comparison, run} = facts
  const nodes = [cluster.master, cluster.slave]
  const found = {
    drill: drill.name,
    startedAt: startedAt.toISOString(),
    topology: cluster.topology,
    nodes: nodes.map(({name, backend, address}) => ({name, backend, address: formatAddress(address)})),
    resilient: cluster.resilient,
    clients: policyOfPlan(plan),
    steps,
    faults,
    problem,
    times,
    measures: measure(facts),
    check,
    rpo: measureRpo(facts),
    comparison,
    faultyReads: describeFaultyReads({...facts, verification: run?.verification ?? null, nodes}),
    wrongReads: explain(facts),
    lagUs: facts.lagUs,
    lagByPhaseUs: facts.lagByPhaseUs,
    events: run?.events ?? [],
    run,
  }
  return {...found, advice: adviseOn(found, drill)}
}

function measure({times, faults, run, load, copies, probed}: DrillFacts): DrillTimings | null {
  if (times === null || run === null) return null
  return measureTimings({
    ...load,
    times,
    faultTimes: faults.map(({t}) => t),
    events: run.events,
    outages: run.outages,
    rto:
      probed === null
        ? {outages: run.outages, by: 'load', resolutionMs: callSpacingMs(run.plan)}
        : {outages: probed.outages, by: 'probes', resolutionMs: probed.report.callEveryMs},
    probes: probed?.report ?? null,
    errors: errorsOf(run),
    copies,
    writeShare: writeShareOf(run.plan),
  })
}

function explain({run, check, failovers: seen}: DrillFacts): WrongReads | null {
  if (run?.verification == null || check === null) return null
  const mayBeEvicted = check.removals.some(({evictions, isCertain}) => evictions > 0 || !isCertain)
  return explainWrongReads(run.verification, {seen, mayBeEvicted})
}

/** Null without a fault: then nothing that is missing is its doing. */
function measureRpo(facts: DrillFacts): DrillRpo | null {
  const {cluster, plan, startUnixMs, times, check, faults, failovers: seen, judged, acknowledged} = facts
  if (check === null || times === null) return null
  const {fault} = times
  const losses = judgeFailovers({
    seen,
    check,
    judged,
    acknowledged,
    expires: plan.ttlSeconds > 0,
    nodes: [cluster.master.name, cluster.slave.name],
    origin: (facts.ackOriginUnixMs - startUnixMs) / 1000,
    faults: faults.length > 0 ? faults.map(({t}) => t) : [fault],
  })
  const rpo = joinRpo(measureRpoAtEnd(check, {startMs: startUnixMs, fault}), {losses, check})
  const own = lostOwnKeys(facts)
  return {...withOwnKeys(rpo, own), atEnd: withOwnKeys(rpo.atEnd, own)}
}

/** The drill's extra keys are written once each. */
function withOwnKeys<Lost extends Pick<DrillRpo, 'writes' | 'keys'>>(lost: Lost, own: number): Lost {
  return {...lost, writes: lost.writes + own, keys: lost.keys + own}
}

/** Failed connections, then calls; each list keeps a bounded number of kinds. */
function errorsOf({connections, operations}: RunResult): Record<string, number> {
  const calls = {
    'timed out': operations.timedOut,
    'lost with their connection': operations.lostWithConnection,
    unanswered: operations.unanswered,
    ...operations.errors,
  }
  const all = [
    ...Object.entries(connections.errors).map(([kind, count]) => [`connection: ${kind}`, count] as const),
    ...Object.entries(calls).map(([kind, count]) => [`call: ${kind}`, count] as const),
  ]
  const kinds: Record<string, number> = {}
  for (const [kind, count] of all) if (count > 0) addKind(kinds, kind, count)
  return kinds
}

function writeShareOf({mix}: LoadPlan): number {
  const weight = (reads: boolean): number =>
    mix.filter(({method}) => methods[method].reads === reads).reduce((sum, one) => sum + one.weight, 0)
  return weight(false) / (weight(false) + weight(true))
}
