import {lookAtServers} from '../../ask/look/look-at-server.js'
import {isNoMemcached, LookError} from '../../ask/look/look-error.js'
import type {Address} from '../../protocol/address.js'
import {formatAddress} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import {attachTopology} from '../../server/topology/attached-node.js'
import {launchTopology} from '../../server/topology/topology.js'
import {topologyPlans} from '../../server/topology/topology-plans.js'
import type {CliContext} from '../app/context.js'
import {UsageError} from '../app/errors.js'
import type {RunTopology} from '../documents/json/run-json.js'
import {readLaunchOptions, type TopologyOptions} from '../options/topology-options.js'

/** Which of two nodes the load goes to: the first counts as the master. */
export const sides = ['master', 'slave', 'both'] as const
export type Side = (typeof sides)[number]

const DEFAULT_TOPOLOGY = 'pair'

export interface TargetOptions extends TopologyOptions {
  /** Running servers, one or two. */
  readonly server?: readonly Address[]
  readonly topology?: string
  readonly to?: Side
  readonly lagProbe?: true
}

/** What a load goes to. */
export interface Target {
  /** The node for the load, or both; where a plan has failover, the other node after it. */
  readonly addresses: readonly Address[]
  /** Master and slave, where there are two nodes. */
  readonly pair: readonly [Address, Address] | null
  readonly topology: RunTopology
  readonly nodes: readonly ClusterNode[]
  /** Its pair was launched to replicate; of running servers nobody knows unless the operator says so. */
  readonly launched: boolean
  close(): Promise<void>
}

/**
 * Before anything is launched.
 * @throws UsageError when there are not the nodes that the load is to go to
 */
export function assertTargets(options: TargetOptions, failover: boolean): void {
  const {server, topology = DEFAULT_TOPOLOGY, to, lagProbe} = options
  if (server !== undefined && server.length > 2) {
    throw new UsageError(`Expected --server once or twice, got it ${server.length} times`)
  }
  const addresses = server?.map(formatAddress) ?? []
  if (addresses.length === 2 && addresses[0] === addresses[1]) {
    throw new UsageError(`Expected two different servers, got ${addresses[0]} twice`)
  }
  const sided = to === 'slave' || to === 'both' ? `--to ${to}` : undefined
  const wish = failover ? '--failover' : (sided ?? (lagProbe ? '--lag-probe' : undefined))
  if (wish === undefined) return
  const count = server?.length ?? topologyPlans.find(({name}) => name === topology)?.nodes.length
  if (count !== 1) return
  const got = server === undefined ? `topology ${topology} with one` : 'one --server'
  throw new UsageError(`Expected two nodes with ${wish}, got ${got}`)
}

/** Launches the topology, or describes the servers that run already. */
export async function prepareTarget(options: TargetOptions, failover: boolean, context: CliContext): Promise<Target> {
  const {server, topology: name = DEFAULT_TOPOLOGY, to = 'master', lagProbe = false} = options
  if (server !== undefined) {
    const {nodes, close} = attachTopology(server)
    const [first, second] = server
    const running = first === undefined || second === undefined ? null : ([first, second] as const)
    const addresses = chooseAddresses(server, to, failover)
    // The load looks at those that it goes to, but only after a pair has been watched for a while.
    await lookBefore(
      server.filter(address => lagProbe || !addresses.includes(address)),
      address => !failover && address === addresses[0],
      context,
    )
    return {addresses, pair: running, topology: describe('attached', nodes), nodes, launched: false, close}
  }
  const {shutdown, stderr} = context
  stderr.write(`starting topology ${name}\n`)
  const {nodes, pair, close} = await launchTopology({...readLaunchOptions(options, context), name})
  const forget = shutdown.add(close)
  const addresses = chooseAddresses(
    (pair === null ? nodes : [pair.master, pair.slave]).map(({address}) => address),
    to,
    failover,
  )
  return {
    addresses,
    pair: pair === null ? null : [pair.master.address, pair.slave.address],
    topology: describe(name, nodes),
    nodes,
    launched: true,
    close: () => {
      forget()
      return close()
    },
  }
}

/** A node that is only probed and read may be down. @throws LookError where there is no memcached for certain */
async function lookBefore(
  servers: readonly Address[],
  isFirst: (address: Address) => boolean,
  {shutdown}: CliContext,
): Promise<void> {
  try {
    await lookAtServers(servers, {signal: shutdown.signal})
  } catch (error) {
    if (!(error instanceof LookError) || isNoMemcached(error) || isFirst(error.address)) throw error
  }
}

function describe(name: string, nodes: readonly ClusterNode[]): RunTopology {
  return {
    name,
    nodes: nodes.map(node => ({name: node.name, backend: node.backend, address: formatAddress(node.address)})),
  }
}

/** Of one or two nodes, those that the load may go to: home first. */
function chooseAddresses(nodes: readonly Address[], to: Side, failover: boolean): readonly Address[] {
  if (to === 'both') return nodes
  const inOrder = to === 'slave' ? nodes.toReversed() : nodes
  return failover ? inOrder : inOrder.slice(0, 1)
}
