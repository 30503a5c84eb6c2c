import {formatAddress} from '../../../protocol/address.js'
import {methods} from '../../data/methods.js'
import {addKind} from '../../measure/accounts.js'
import {policyOfPlan} from '../../plan/client-policies.js'
import type {LoadPlan} from '../../plan/plan.js'
import type {RunResult} from '../../result/run-result.js'
import {VersionLedger} from '../../verify/version-ledger.js'
import type {Drill, DrillCluster} from '../contract/drill.js'
import type {SeenFailovers} from '../failover/failover-watch.js'
import type {CopyWatch} from '../runner/copy-watch.js'
import type {DrillLoad} from '../runner/drill-load.js'
import {callSpacingMs, outagesOnClock, type Probing} from '../runner/probing-clients.js'
import {adviseOn, lostOwnKeys} from './drill-advice.js'
import type {DrillResult} from './drill-result.js'
import {type DrillRpo, type JudgedKey, joinRpo, measureRpoAtEnd} from './drill-rpo.js'
import {type DrillMeasures, measureDrill} from './drill-timings.js'
import {judgeFailovers} from './failover-losses.js'
import {describeFaultyReads, type EmptyWatch} from './faulty-reads.js'
import {explainWrongReads, type WrongReads} from './wrong-reads.js'

type Found = Pick<
  DrillResult,
  'steps' | 'faults' | 'problem' | 'times' | 'check' | 'comparison' | 'lagUs' | 'lagByPhaseUs' | 'run'
>

/** What is known of a drill when it is over. */
interface DrillFacts extends Found {
  readonly drill: Drill
  readonly cluster: DrillCluster
  /** Of the load. */
  readonly plan: LoadPlan
  /** Of the load, on performance.now(). */
  readonly startMs: number
  readonly startedAt: Date
  readonly load: DrillLoad
  readonly copies: CopyWatch
  readonly empty: EmptyWatch
  /** Of clients of the drill's own; null where there were none. */
  readonly probing: Probing | null
  readonly failovers: SeenFailovers
  /** What the end finds wrong. */
  readonly judged: readonly JudgedKey[]
}

/** The result of a drill, whatever came of it. */
export function describeDrill(facts: DrillFacts): DrillResult {
  const {drill, cluster, startedAt, times, run, check, comparison} = facts
  const found = {
    drill: drill.name,
    startedAt: startedAt.toISOString(),
    topology: cluster.topology,
    nodes: [cluster.master, cluster.slave].map(({name, backend, address}) => ({
      name,
      backend,
      address: formatAddress(address),
    })),
    resilient: cluster.resilient,
    clients: policyOfPlan(facts.plan),
    steps: facts.steps,
    faults: facts.faults,
    problem: facts.problem,
    times,
    measures: measure(facts),
    check,
    rpo: measureRpo(facts),
    comparison,
    faultyReads: describeFaultyReads({
      ...facts,
      verification: run?.verification ?? null,
      nodes: [cluster.master, cluster.slave],
    }),
    wrongReads: explain(facts),
    lagUs: facts.lagUs,
    lagByPhaseUs: facts.lagByPhaseUs,
    events: run?.events ?? [],
    run,
  }
  return {...found, advice: adviseOn(found, drill)}
}

function measure({times, faults, run, load, copies, startMs, probing}: DrillFacts): DrillMeasures | null {
  if (times === null || run === null) return null
  return measureDrill({
    times,
    faultTimes: faults.map(({t}) => t),
    intervals: load.intervals(),
    events: run.events,
    outages: run.outages,
    rto:
      probing === null
        ? {outages: run.outages, by: 'load', resolutionMs: callSpacingMs(run.plan)}
        : {outages: outagesOnClock(probing, startMs), by: 'probes', resolutionMs: probing.report.callEveryMs},
    probes: probing?.report ?? null,
    errors: errorsOf(run),
    copies: copies.since(startMs + times.fault * 1000, startMs),
    copyingUs: load.latency('copying'),
    responseUs: {before: load.latency('before'), during: load.latency('during'), after: load.latency('after')},
    netResponseUs: {
      before: load.netLatency('before'),
      during: load.netLatency('during'),
      after: load.netLatency('after'),
    },
    writeShare: writeShareOf(run.plan),
  })
}

function explain({run, check, failovers: seen}: DrillFacts): WrongReads | null {
  if (run?.verification == null || check === null) return null
  const mayBeEvicted = check.removals.some(({evictions, isCertain}) => evictions > 0 || !isCertain)
  return explainWrongReads(run.verification, {seen, mayBeEvicted})
}

function measureRpo(facts: DrillFacts): DrillRpo | null {
  const {cluster, startMs, times, check, faults, load, failovers: seen, judged} = facts
  // Without a fault nothing that the nodes have not is its doing.
  if (check === null || times === null) return null
  const startUnixMs = performance.timeOrigin + startMs
  const ledger = new VersionLedger(load.verify.ledger)
  const {fault} = times
  const losses = judgeFailovers({
    seen,
    check,
    judged,
    acknowledged: key => ledger.acknowledged(key),
    expires: load.plan.ttlSeconds > 0,
    nodes: [cluster.master.name, cluster.slave.name],
    origin: (load.verify.originMs - startUnixMs) / 1000,
    faults: faults.length > 0 ? faults.map(({t}) => t) : [fault],
  })
  const rpo = joinRpo(measureRpoAtEnd(check, {startMs: startUnixMs, fault}), {losses, check})
  const own = lostOwnKeys(facts)
  return {...withOwnKeys(rpo, own), atEnd: withOwnKeys(rpo.atEnd, own)}
}

/** Keys of the drill itself are written once each. */
function withOwnKeys<Lost extends Pick<DrillRpo, 'writes' | 'keys'>>(lost: Lost, own: number): Lost {
  return {...lost, writes: lost.writes + own, keys: lost.keys + own}
}

/** Connections that failed, then calls; of kinds no more than of each of them alone. */
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
    mix.filter(({method}) => methods[method].reads === reads).reduce((sum, {weight: one}) => sum + one, 0)
  return weight(false) / (weight(false) + weight(true))
}
