import {type Address, formatAddress} from '../protocol/address.js'
import {attachTopology} from '../server/attach-topology.js'
import type {ClusterNode} from '../server/cluster-node.js'
import {eventAdvice} from '../server/event-advice.js'
import type {NodeEvent} from '../server/node-event.js'
import {launchTopology, type Topology} from '../server/topology.js'
import {topologyPlans} from '../server/topology-plans.js'
import type {UiPair, UiPorts, UiRun} from '../ui/ports.js'
import {binPath} from './bin-path.js'
import {ConsoleThread} from './console-thread/console-thread.js'
import type {CliContext} from './context.js'
import {createDrillPort} from './ui-drill-port.js'
import {createReportPort} from './ui-report-port.js'
import type {UiRunOptions} from './ui-run.js'
import {type WatchedPair, watchPair} from './watch-pair.js'

export interface UiPortsOptions {
  /** Running servers to be shown; two are a pair. */
  readonly servers?: readonly Address[] | undefined
  /** Nothing is written to them. */
  readonly readonly?: boolean | undefined
}

/** The rest of repbench, as the UI sees it. */
export function createUiPorts(context: CliContext, {servers = [], readonly = false}: UiPortsOptions = {}): UiPorts {
  const {env} = context
  const topologies: Topology[] = servers.length === 0 ? [] : [attachTopology(servers)]
  const running = topologies[0]?.pair ?? null
  const watched = running === null ? null : watchPair({nodes: [running.master, running.slave], probe: !readonly})
  const listeners = new Set<(event: NodeEvent) => void>()
  const consoles = new ConsoleThread()
  const drills = createDrillPort(context)
  const closing = new AbortController()
  let launching: Promise<unknown> = Promise.resolve()
  const nodes = () => topologies.flatMap(topology => topology.nodes)
  const tell = (event: NodeEvent) => {
    for (const listener of listeners) listener(event)
  }
  const launch = async (name: string) => {
    const topology = await launchTopology({
      name,
      takenNames: nodes().map(node => node.name),
      binPath,
      usualPorts: true,
      env,
      signal: closing.signal,
      onEvent: tell,
    })
    topologies.push(topology)
  }
  for (const node of nodes()) node.onEvent(tell)
  return {
    nodes,
    pairs: () => topologies.flatMap(topology => pairOf(topology, running === topology.pair ? watched : null)),
    onNodeEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    topologies: topologyPlans,
    eventAdvice,
    launch(name) {
      const launched = launch(name)
      launching = launched.catch(() => {})
      return launched
    },
    async restart(node: ClusterNode) {
      await node.stop()
      await node.start({signal: closing.signal})
    },
    ...profilePort,
    startRun: options => startRun({...options, topologies, context}),
    openConsole: options => consoles.open(options),
    drills,
    reports: createReportPort(env),
    async close() {
      closing.abort()
      await launching
      await consoles.close()
      await watched?.close()
      await drills.close()
      await Promise.all(topologies.map(topology => topology.close()))
    },
  }
}

/** The engine and its libraries are loaded when profiles are asked for. */
const profilePort: Pick<UiPorts, 'profiles' | 'saveProfile'> = {
  profiles: async () => (await import('./ui-profiles.js')).listUiProfiles(),
  saveProfile: async request => (await import('./ui-profiles.js')).saveUiProfile(request),
}

function startRun({
  topologies,
  ...options
}: Parameters<UiPorts['startRun']>[0] & {topologies: readonly Topology[]; context: CliContext}): UiRun {
  const stopping = new AbortController()
  const topology = topologies.find(({nodes}) => nodes.some(({address}) => address === options.target))
  const run = async () => {
    // The engine and its libraries are loaded when a load is wanted.
    const {runFromUi} = await import('./ui-run.js')
    return runFromUi({...options, ...describeTopology(topology), signal: stopping.signal})
  }
  return {stop: () => stopping.abort(), finished: run()}
}

function describeTopology(topology: Topology | undefined): Pick<UiRunOptions, 'topology' | 'nodes' | 'pair'> {
  const nodes = topology?.nodes ?? []
  const pair = topology?.pair ?? null
  return {
    nodes,
    pair: pair === null ? null : [pair.master.address, pair.slave.address],
    topology: {
      name: topology?.name ?? 'attached',
      nodes: nodes.map(({name, backend, address}) => ({name, backend, address: formatAddress(address)})),
    },
  }
}

function pairOf({pair, replicationPort}: Topology, watched: WatchedPair | null): UiPair[] {
  return pair === null
    ? []
    : [{...pair, replicationPort, truth: () => watched?.truth() ?? null, lagUs: () => watched?.lagUs() ?? null}]
}
