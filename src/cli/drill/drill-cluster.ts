import type {Drill, DrillCluster, DrillNeed} from '../../engine/drills/contract/drill.js'
import {whyNotAttached} from '../../engine/drills/contract/drill-targets.js'
import {drills} from '../../engine/drills/each/registry.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {findFreeRow, hasAddress} from '../../server/system/free-port.js'
import {attachTopology} from '../../server/topology/attached-node.js'
import type {LaunchOptions} from '../../server/topology/launch-options.js'
import {LinkRelay} from '../../server/topology/link-relay.js'
import {launchTopology, type Topology} from '../../server/topology/topology.js'
import {UsageError} from '../app/errors.js'

const MASTER_HOST = '127.0.0.1'
const SLAVE_HOST = '127.0.0.2'
/** Where the slave finds the master, and the master the slave, when the link runs through the relay. */
const TO_MASTER_HOST = '127.0.0.3'
const TO_SLAVE_HOST = '127.0.0.4'
/** The link's port follows the first client port; the slave's follows that. */
const LINK_OFFSET = 1
const SMALL_MEMORY_MEGABYTES = 8

export interface LaunchedCluster {
  readonly cluster: DrillCluster
  close(): Promise<void>
}

/**
 * Starts the pair that a drill needs.
 * @throws UsageError where this machine or these options can't give what the drill needs
 */
export async function launchDrillCluster(drill: Drill, options: LaunchOptions): Promise<LaunchedCluster> {
  const needs = new Set(drill.needs)
  const relayed =
    needs.has('link') || (wants(drill, 'link') && (await canRelay(options))) ? await openRelay(drill, options) : null
  const argsOf = {...options.nodeArgsOf}
  const add = (name: string, ...args: readonly string[]): void => {
    argsOf[name] = [...(argsOf[name] ?? []), ...args]
  }
  if (relayed !== null) {
    add('m1', '-x', TO_SLAVE_HOST)
    add('s1', '-x', TO_MASTER_HOST)
  }
  if (needs.has('unequalMemory')) add('s1', '-m', String(SMALL_MEMORY_MEGABYTES))
  let topology: Topology
  try {
    topology = await launchTopology({
      ...options,
      nodeArgsOf: argsOf,
      third: needs.has('third'),
      ...(relayed === null ? {} : {firstPort: relayed.firstPort, hosts: [MASTER_HOST, SLAVE_HOST]}),
    })
  } catch (error) {
    await relayed?.relay.close()
    throw error
  }
  // It was made with the others, but its time comes later.
  await topology.third?.stop()
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await topology.close()
    await relayed?.relay.close()
  }
  return {
    cluster: clusterOf(topology, {resilient: options.tuning?.resilient === true, relay: relayed?.relay ?? null}),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/**
 * Running servers as a pair to drill; the first counts as the master.
 * @throws UsageError where the drill would have to do something to them that repbench does not do
 */
export function attachDrillCluster(drill: Drill, servers: readonly Address[]): LaunchedCluster {
  if (servers.length !== 2)
    throw new UsageError(`Expected --server twice, got it ${servers.length === 1 ? 'once' : `${servers.length} times`}`)
  const addresses = servers.map(formatAddress)
  if (addresses[0] === addresses[1]) throw new UsageError(`Expected two different servers, got ${addresses[0]} twice`)
  const reason = whyNotAttached(drill)
  if (reason !== null) {
    const possible = drills.filter(one => whyNotAttached(one) === null).map(({name}) => name)
    throw new UsageError(
      `Expected a drill that running servers can have (${possible.join(', ')}), got ${drill.name}: ${reason}`,
    )
  }
  const topology = attachTopology(servers)
  return {cluster: clusterOf(topology, {resilient: false, relay: null}), close: topology.close}
}

function clusterOf(topology: Topology, more: {resilient: boolean; relay: LinkRelay | null}): DrillCluster {
  const {pair, third} = topology
  if (pair === null) throw new UsageError(`cannot drill topology ${topology.name}: it has no pair`)
  return {
    topology: topology.name,
    ...pair,
    resilient: more.resilient,
    link: more.relay,
    async startThird() {
      await third!.start()
      return third!
    },
  }
}

function wants({wants: wanted = []}: Drill, what: DrillNeed): boolean {
  return wanted.includes(what)
}

const relayHosts = [MASTER_HOST, SLAVE_HOST, TO_MASTER_HOST, TO_SLAVE_HOST]

async function canRelay({hosts, firstPort, crossedPorts}: LaunchOptions): Promise<boolean> {
  if (hosts !== undefined || firstPort !== undefined || crossedPorts) return false
  return (await Promise.all(relayHosts.map(hasAddress))).every(Boolean)
}

async function openRelay(drill: Drill, options: LaunchOptions): Promise<{relay: LinkRelay; firstPort: number}> {
  if (options.hosts !== undefined || options.firstPort !== undefined || options.crossedPorts) {
    throw new UsageError(`Expected ${drill.name} without addresses and ports: its link runs through a relay, got some`)
  }
  for (const host of relayHosts) {
    if (await hasAddress(host)) continue
    throw new UsageError(`cannot run ${drill.name}: this machine has no loopback address ${host}`)
  }
  const firstPort = await findFreeRow({hosts: relayHosts})
  const port = firstPort + LINK_OFFSET
  const relay = await LinkRelay.open({
    routes: [
      {listen: {host: TO_MASTER_HOST, port}, to: {host: MASTER_HOST, port}},
      {listen: {host: TO_SLAVE_HOST, port}, to: {host: SLAVE_HOST, port}},
    ],
  })
  return {relay, firstPort}
}
