import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {RunSnapshot} from '../../../engine/result/run-snapshot.js'
import {runLoad} from '../../../engine/run/run.js'
import {formatAddress} from '../../../protocol/address.js'
import type {LaunchOptions} from '../../../server/topology/launch-options.js'
import {launchTopology, type Topology} from '../../../server/topology/topology.js'
import type {CliContext} from '../../app/context.js'
import {makeRunDocument, type RunDocument} from '../../documents/json/run-json.js'
import {lagOnOwnThread} from '../../probe-thread/lag-on-thread.js'
import type {BaselineTarget} from './baseline-targets.js'
import {PairFollower, type PairOutcome} from './pair-outcome.js'

/** One run against one target. */
export interface BaselineRun {
  readonly target: BaselineTarget
  readonly run: RunDocument
  /** Null for a target that does not replicate. */
  readonly pair: PairOutcome | null
}

export interface MeasureOptions {
  readonly target: BaselineTarget
  readonly plan: LoadPlan
  /** Write probe keys: for the lag during the load, for the link after it. */
  readonly probe: boolean
  readonly launch: Omit<LaunchOptions, 'name'>
  readonly context: Pick<CliContext, 'shutdown' | 'version'>
  readonly onSnapshot: (snapshot: RunSnapshot) => void
}

/** Runs the load on nodes that are started for it: none finds what another run left in memory or queue. */
export async function measureTarget(options: MeasureOptions): Promise<BaselineRun> {
  const {target, launch, context} = options
  const topology = await launchTopology({...launch, name: target.topology, backend: target.replacing})
  const forget = context.shutdown.add(() => topology.close())
  try {
    return await measure(topology, options)
  } finally {
    forget()
    await topology.close()
  }
}

async function measure(topology: Topology, options: MeasureOptions): Promise<BaselineRun> {
  const {target, plan, probe, context, onSnapshot} = options
  const {nodes, pair} = topology
  const both = pair === null ? null : target.side === 'slave' ? [pair.slave, pair.master] : [pair.master, pair.slave]
  const [loaded = nodes[0]!, other] = both ?? []
  const follower = other === undefined ? null : new PairFollower({nodes: [loaded, other], probe})
  try {
    const result = await runLoad({
      plan,
      targets: [loaded.address],
      nodes: follower === null ? nodes : [...nodes, follower.events],
      // From the loaded node (a) to the other one (b), and back.
      ...(probe && other !== undefined
        ? {lagProbe: [loaded.address, other.address] as const, startLagProbe: lagOnOwnThread}
        : {}),
      signal: context.shutdown.signal,
      onSnapshot,
    })
    const described = nodes.map(({name, backend, address}) => ({name, backend, address: formatAddress(address)}))
    const run = makeRunDocument({
      result,
      command: 'baseline',
      version: context.version,
      topology: {name: topology.name, nodes: described},
    })
    return {target, run, pair: follower === null || result.interrupted ? null : await follower.outcome()}
  } finally {
    await follower?.close()
  }
}
