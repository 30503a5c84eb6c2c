import type {LedgerCheckOptions} from '../../check/ledger/check-ledger.js'
import {PairCheck} from '../../check/pair-check.js'
import {Random} from '../../data/random.js'
import type {StartLagProbe} from '../../lag/lag-probe.js'
import {checkPlan, type LoadPlan} from '../../plan/plan.js'
import type {RunSnapshot} from '../../result/run-snapshot.js'
import {runLoad} from '../../run/run.js'
import type {StartLoadThread} from '../../run/worker-messages.js'
import type {Drill, DrillBurst, DrillCluster, DrillExtent, DrillTools} from '../contract/drill.js'
import {type DrillTiming, defaultTiming} from '../contract/drill-timing.js'
import {FailoverWatch} from '../failover/failover-watch.js'
import type {DrillStep} from '../judge/drill-result.js'
import {RunningClock} from './drill-clock.js'
import {DrillLoad} from './drill-load.js'
import {PairWatch} from './pair-watch.js'
import {ProbingClients} from './probing-clients.js'
import {StepJournal} from './step-journal.js'

const SOAK_STREAM = 7
const usualExtent: DrillExtent = {durationMs: null, faults: null}

/** More than a node can do at once: calls wait for each other. */
const BURST_TIMEOUT_MS = 30_000

/** Clients that neither retry nor fail over; every key in its turn, so that it is known which were written. */
const burstClients = {
  failover: false,
  retries: 0,
  switchBackMs: 0,
  reconnect: false,
  prefill: false,
  keyServers: 1,
  timeoutsToGiveUp: 1,
  keyDistribution: {kind: 'sequential'},
  timeoutMs: BURST_TIMEOUT_MS,
} as const

export interface RunDrillOptions {
  readonly drill: Drill
  readonly cluster: DrillCluster
  /** The load; verified, with failover, and without an end of its own. */
  readonly plan: LoadPlan
  readonly timing?: Partial<DrillTiming>
  /** Of a soak. */
  readonly extent?: DrillExtent
  readonly signal: AbortSignal
  readonly startThread?: StartLoadThread
  /** @default on this thread */
  readonly startLagProbe?: StartLagProbe
  readonly onStep?: (step: DrillStep) => void
  readonly onSnapshot?: (snapshot: RunSnapshot) => void
  readonly onFinding?: LedgerCheckOptions['onFinding']
  readonly onCheckProgress?: LedgerCheckOptions['onProgress']
}

/** A drill under way: what its steps share. */
export interface DrillRun {
  readonly options: RunDrillOptions
  readonly timing: DrillTiming
  readonly startedAt: Date
  readonly clock: RunningClock
  readonly journal: StepJournal
  readonly watch: PairWatch
  readonly load: DrillLoad
  readonly failovers: FailoverWatch
  readonly check: PairCheck
  readonly probing: ProbingClients
  /** What the drill's own steps may use. */
  readonly tools: DrillTools
}

/** Starts the load of a drill and all that watches the pair. */
export function openDrill(options: RunDrillOptions): DrillRun {
  const {cluster, plan, signal, startThread, startLagProbe, onStep, onSnapshot, extent = usualExtent} = options
  const nodes = [cluster.master, cluster.slave] as const
  const timing = {...defaultTiming, ...options.timing}
  const {holdMs, settleLimitMs} = timing
  const startedAt = new Date()
  const clock = new RunningClock({holdMs, signal})
  const journal = new StepJournal({now: () => clock.now(), signal, onStep})
  const onLagEvent: ConstructorParameters<typeof PairWatch>[0]['onLagEvent'] = event => failovers.probed(event)
  const watch = new PairWatch({nodes, clock, settleLimitMs, startLagProbe, onLagEvent})
  const check = new PairCheck(nodes)
  const load = new DrillLoad({
    plan,
    targets: nodes.map(({address}) => address),
    nodes,
    isSyncing: (fromMs, toMs) => watch.syncs.overlaps(fromMs, toMs),
    ...(startThread === undefined ? {} : {startThread}),
    ...(onSnapshot === undefined ? {} : {onSnapshot}),
  })
  const failovers = new FailoverWatch({plan, verify: load.verify, nodes})
  const tools: DrillTools = {
    cluster,
    clock,
    journal,
    watch,
    extent,
    random: new Random({seed: plan.seed, stream: SOAK_STREAM}).next,
    signal,
    burst: burst => runBurst({signal, ...burst}, plan),
  }
  return {
    options,
    timing,
    startedAt,
    clock,
    journal,
    watch,
    load,
    failovers,
    check,
    probing: new ProbingClients(),
    tools,
  }
}

/** Runs a second load beside a drill's own. @returns whether every call succeeded */
async function runBurst({plan: changes, target, signal}: Required<DrillBurst>, drillPlan: LoadPlan): Promise<boolean> {
  const plan = checkPlan({...drillPlan, ...burstClients, ...changes})
  const {operations} = await runLoad({plan, targets: [target.address], signal})
  return operations.ok === operations.intended
}
