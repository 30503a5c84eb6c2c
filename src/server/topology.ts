import type {Address} from '../protocol/address.js'
import {DEFAULT_REPLICATION_PORT} from '../protocol/limits.js'
import type {ClusterNode} from './cluster-node.js'
import {findProgram} from './find-program.js'
import {findFreePort, hasAddress} from './free-port.js'
import {PortError, UnknownTopologyError} from './node-errors.js'
import type {NodeEvent} from './node-event.js'
import {nodeCommand} from './process-args.js'
import {ProcessNode} from './process-node.js'
import {type PlannedNode, type TopologyPlan, topologyPlans} from './topology-plans.js'
import {waitForLink} from './wait-for-link.js'
import {Watchdog} from './watchdog.js'

const LINK_TIMEOUT_MS = 10_000
const ATTEMPTS = 3

/** Running nodes that belong together. */
export interface Topology {
  readonly name: string
  /** Of a pair: the master first, the slave second. */
  readonly nodes: readonly ClusterNode[]
  /** Port of the replication link (`-X`); null where nothing replicates. */
  readonly replicationPort: number | null
  /** Stops every node. Resolves when their processes are gone. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** One of topologyPlans. */
  readonly name: string
  /** The file bin/repbench.js, which runs the embedded nodes. */
  readonly binPath: string
  /** Shared with others; without it the topology has one of its own. */
  readonly watchdog?: Watchdog
  /** Gives the launch up; a running topology is ended with close(). */
  readonly signal?: AbortSignal
  /** Called for every event of every node from the first start on. */
  readonly onEvent?: (event: NodeEvent) => void
  /** Take 11211, 11212 and 11213 if they are free. @default false */
  readonly usualPorts?: boolean
  /** Where MEMCACHED_BIN, REPCACHED_BIN and PATH are looked up. @default process.env */
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Starts a topology on free loopback ports and waits until it serves: a pair is linked then.
 * When anything goes wrong, whatever was started is stopped again.
 */
export async function launchTopology(options: LaunchOptions): Promise<Topology> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchOnce(options)
    } catch (error) {
      // Another program may take a port between its choice and its use.
      const unlucky = error instanceof PortError && error.code === 'ERR_PORT_IN_USE'
      if (!unlucky || attempt === ATTEMPTS) throw error
    }
  }
}

async function launchOnce(options: LaunchOptions): Promise<Topology> {
  const {name, signal, onEvent, watchdog = new Watchdog()} = options
  const plan = findPlan(name)
  const nodes: ProcessNode[] = []
  const places = await choosePlaces(plan.nodes, options.usualPorts ?? false)
  const close = async () => {
    await Promise.all(nodes.map(node => node.stop()))
    if (options.watchdog === undefined) await watchdog.close()
  }
  try {
    nodes.push(...(await makeNodes(plan, places, {...options, watchdog})))
    if (onEvent !== undefined) for (const node of nodes) node.onEvent(onEvent)
    await startInOrder(nodes, signal)
  } catch (error) {
    await close()
    throw error
  }
  return {name, nodes, replicationPort: places[0]?.peer?.port ?? null, close}
}

async function startInOrder(nodes: readonly ProcessNode[], signal: AbortSignal | undefined): Promise<void> {
  const [first, second] = nodes
  const start = signal === undefined ? {} : {signal}
  const wait = {timeoutMs: LINK_TIMEOUT_MS, signal}
  await first!.start(start)
  if (second === undefined) return
  await waitForLink(first!, 'listening', wait)
  await second.start(start)
  await waitForLink(second, 'paired', wait)
  await waitForLink(first!, 'paired', wait)
}

async function makeNodes(
  plan: TopologyPlan,
  places: readonly Place[],
  options: LaunchOptions & {watchdog: Watchdog},
): Promise<ProcessNode[]> {
  const {binPath, watchdog, env = process.env} = options
  const nodes: ProcessNode[] = []
  for (const [index, {name, backend}] of plan.nodes.entries()) {
    const {address, peer} = places[index]!
    const program = backend === 'embedded' ? binPath : await findProgram(backend, env)
    const command = nodeCommand({backend, program, address, peer, asRoot: process.getuid?.() === 0})
    nodes.push(new ProcessNode({name, backend, address, command, replicates: peer !== null, watchdog}))
  }
  return nodes
}

interface Place {
  readonly address: Address
  readonly peer: Address | null
}

/** A pair on one machine wants two loopback addresses and one replication port number (spec section 10, rule 8). */
async function choosePlaces(planned: readonly PlannedNode[], usualPorts: boolean): Promise<Place[]> {
  const hosts = ['127.0.0.1', (await hasAddress('127.0.0.2')) ? '127.0.0.2' : '127.0.0.1']
  const taken: number[] = []
  const takePort = async (on: readonly string[], usual: number) => {
    const port = await findFreePort({hosts: on, taken, ...(usualPorts ? {usual} : {})})
    taken.push(port)
    return port
  }
  const replicationPort = planned.length > 1 ? await takePort(hosts, DEFAULT_REPLICATION_PORT) : null
  const places: Place[] = []
  for (const [index, {usualPort}] of planned.entries()) {
    const [own, other] = index === 0 ? hosts : hosts.toReversed()
    const address = {host: own!, port: await takePort([own!], usualPort)}
    places.push({address, peer: replicationPort === null ? null : {host: other!, port: replicationPort}})
  }
  return places
}

function findPlan(name: string): TopologyPlan {
  const plan = topologyPlans.find(candidate => candidate.name === name)
  if (plan === undefined) {
    const known = topologyPlans.map(candidate => candidate.name).join(', ')
    throw new UnknownTopologyError(`Expected a topology (${known}), got '${name}'`)
  }
  return plan
}
