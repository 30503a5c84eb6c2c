import {messageOf} from '../../protocol/errors.js'
import type {ClusterNode, LinkState} from '../node-api/cluster-node.js'
import {NodeStartError, PortError} from '../node-api/node-errors.js'
import type {ProcessNode} from '../process/process-node.js'
import {StateFile} from '../process/state-file.js'
import {Watchdog} from '../process/watchdog.js'
import {isFree} from '../system/free-port.js'
import type {LaunchOptions} from './launch-options.js'
import {type MadeNode, makeNodes} from './make-nodes.js'
import {type PairMember, watchThirdProcess} from './third-process.js'
import type {TopologyPlan} from './topology-plans.js'
import {planTopology} from './topology-plans.js'

const LINK_TIMEOUT_MS = 10_000
const ATTEMPTS = 3

/** Running nodes that belong together. */
export interface Topology {
  /** One of topologyPlans; `attached` for servers that ran before. */
  readonly name: string
  /** The pair's master and slave first. */
  readonly nodes: readonly ClusterNode[]
  /** The nodes that are meant to replicate to each other. */
  readonly pair: {readonly master: ClusterNode; readonly slave: ClusterNode} | null
  /** The native memcached, alone or for comparison. */
  readonly native: ClusterNode | null
  /** The third process that was asked for. */
  readonly third: ClusterNode | null
  /** Where the pair's nodes listen for each other; null when nothing replicates, or it is unknown. */
  readonly replication: readonly [PairMember, PairMember] | null
  /** Port of the replication link (`-X`); of crossed ports the master's. */
  readonly replicationPort: number | null
  /** Stops every node that was started. Resolves when their processes are gone. */
  close(): Promise<void>
}

/**
 * Starts a topology on loopback ports and waits until it serves: a pair is linked then.
 * When anything goes wrong, all nodes that were started are stopped again.
 */
export async function launchTopology(options: LaunchOptions): Promise<Topology> {
  const plan = planTopology(options)
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchOnce(plan, options)
    } catch (error) {
      // A port that was asked for has no other.
      const unlucky = error instanceof PortError && error.code === 'ERR_PORT_IN_USE' && options.firstPort === undefined
      if (!unlucky || attempt === ATTEMPTS) throw error
    }
  }
}

async function launchOnce(plan: TopologyPlan, options: LaunchOptions): Promise<Topology> {
  const {signal, onEvent, env = process.env} = options
  const watchdog = options.watchdog ?? new Watchdog({stateFile: new StateFile(env)})
  const made = await makeNodes(plan, {...options, env, watchdog})
  const nodes = made.map(({node}) => node)
  let unwatch = () => {}
  const close = async () => {
    unwatch()
    await Promise.all(nodes.map(node => node.stop()))
    if (options.watchdog === undefined) await watchdog.close()
  }
  try {
    if (onEvent !== undefined) for (const node of nodes) node.onEvent(onEvent)
    const topology = describe(plan, made, close)
    if (topology.replication !== null) {
      const others = topology.third === null ? [] : [topology.third]
      unwatch = watchThirdProcess({pair: topology.replication, others})
    }
    await startInOrder(made, signal)
    return topology
  } catch (error) {
    await close()
    // Another program may take a port between its choice and its use: its node then fails in one way or another.
    if (options.firstPort === undefined && (await isAnyTaken(made))) {
      throw new PortError('ERR_PORT_IN_USE', messageOf(error), {cause: error})
    }
    throw error
  }
}

/** Whether somebody else listens where these nodes, which are stopped, were to listen. */
async function isAnyTaken(made: readonly MadeNode[]): Promise<boolean> {
  for (const {node, replication} of made) {
    const {host, port} = node.address
    const ports = replication === null ? [port] : [port, replication.listenPort]
    for (const port of ports) if (!(await isFree([host], port))) return true
  }
  return false
}

function describe(plan: TopologyPlan, made: readonly MadeNode[], close: () => Promise<void>): Topology {
  const master = made.find(({place}) => place === 'master')
  const slave = made.find(({place}) => place === 'slave')
  const isPair = master !== undefined && slave !== undefined
  return {
    name: plan.name,
    nodes: made.map(({node}) => node),
    pair: isPair ? {master: master.node, slave: slave.node} : null,
    native: made.find(({node}) => node.backend === 'memcached')?.node ?? null,
    third: made.find(({place}) => place === 'third')?.node ?? null,
    replication: isPair ? [memberOf(master), memberOf(slave)] : null,
    replicationPort: master?.replication?.listenPort ?? null,
    close,
  }
}

function memberOf({node, replication}: MadeNode): PairMember {
  return {node, replicationAddress: {host: node.address.host, port: replication!.listenPort}}
}

/** One by one: two nodes that connect to each other at the same moment would miss each other. */
async function startInOrder(made: readonly MadeNode[], signal: AbortSignal | undefined): Promise<void> {
  const wait = {timeoutMs: LINK_TIMEOUT_MS, signal}
  let master: ProcessNode | undefined
  for (const {node, place} of made) {
    await node.start(signal === undefined ? {} : {signal})
    if (place === 'master') {
      master = node
      await waitForLink(node, 'listening', wait)
    } else if (place === 'slave') {
      await waitForLink(node, 'paired', wait)
      await waitForLink(master!, 'paired', wait)
    }
  }
}

interface WaitForLinkOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Resolves as soon as the node's log says that its link is in that state; rejects when it never will be. */
export function waitForLink(node: ClusterNode, wanted: LinkState, options: WaitForLinkOptions): Promise<void> {
  const {timeoutMs, signal} = options
  if (node.status().link === wanted) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const settle = (problem?: string) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      stopListening()
      if (problem === undefined) resolve()
      else reject(new NodeStartError({node: node.name, problem, lastLines: lastLines(node)}))
    }
    const onAbort = () => settle('an abort')
    const timer = setTimeout(
      () => settle(`link state '${node.status().link}' instead of '${wanted}' for ${timeoutMs} ms`),
      timeoutMs,
    )
    const stopListening = node.onEvent(({kind, text}) => {
      if (node.status().link === wanted) settle()
      else if (kind === 'crashed' || node.status().link === 'orphaned') settle(text)
    })
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
  })
}

function lastLines(node: ClusterNode): string[] {
  return node
    .logs()
    .slice(-3)
    .map(({text}) => text)
}
