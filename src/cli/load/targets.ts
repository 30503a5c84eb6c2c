import type {Address} from '../../protocol/address.js'
import {formatAddress} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/cluster-node.js'
import {launchTopology} from '../../server/topology.js'
import {topologyPlans} from '../../server/topology-plans.js'
import {binPath} from '../bin-path.js'
import type {CliContext} from '../context.js'
import {UsageError} from '../errors.js'
import type {RunTopology} from '../reports/run-json.js'

/** Which of two nodes the load goes to: the first counts as the master. */
export const sides = ['master', 'slave', 'both'] as const
export type Side = (typeof sides)[number]

const DEFAULT_TOPOLOGY = 'pair'

export interface TargetOptions {
  /** Running servers, one or two. */
  readonly server?: readonly Address[]
  readonly topology?: string
  readonly to?: Side
}

/** What a load goes to. */
export interface Target {
  /** The node for the load, or both; where a plan has failover, the other node after it. */
  readonly addresses: readonly Address[]
  readonly topology: RunTopology
  readonly nodes: readonly ClusterNode[]
  close(): Promise<void>
}

/**
 * Before anything is launched.
 * @throws UsageError when there are not the nodes that the load is to go to
 */
export function assertTargets({server, topology = DEFAULT_TOPOLOGY, to}: TargetOptions, failover: boolean): void {
  if (server !== undefined && server.length > 2) {
    throw new UsageError(`Expected --server once or twice, got it ${server.length} times`)
  }
  const addresses = server?.map(formatAddress) ?? []
  if (addresses.length === 2 && addresses[0] === addresses[1]) {
    throw new UsageError(`Expected two different servers, got ${addresses[0]} twice`)
  }
  const wish = failover ? '--failover' : to === 'slave' || to === 'both' ? `--to ${to}` : undefined
  if (wish === undefined) return
  const count = server?.length ?? topologyPlans.find(({name}) => name === topology)?.nodes.length
  if (count !== 1) return
  const got = server === undefined ? `topology ${topology} with one` : 'one --server'
  throw new UsageError(`Expected two nodes with ${wish}, got ${got}`)
}

/** Launches the topology, or describes the servers that run already. */
export async function prepareTarget(options: TargetOptions, failover: boolean, context: CliContext): Promise<Target> {
  const {server, topology: name = DEFAULT_TOPOLOGY, to = 'master'} = options
  if (server !== undefined) {
    const nodes = server.map(formatAddress).map(address => ({name: address, backend: null, address}))
    const addresses = chooseAddresses(server, to, failover)
    return {addresses, topology: {name: 'attached', nodes}, nodes: [], close: async () => {}}
  }
  const {shutdown, stderr, env} = context
  stderr.write(`starting topology ${name}\n`)
  const {nodes, close} = await launchTopology({name, binPath, signal: shutdown.signal, env})
  const forget = shutdown.add(close)
  const topology = {
    name,
    nodes: nodes.map(node => ({name: node.name, backend: node.backend, address: formatAddress(node.address)})),
  }
  const addresses = chooseAddresses(
    nodes.map(({address}) => address),
    to,
    failover,
  )
  return {
    addresses,
    topology,
    nodes,
    close: () => {
      forget()
      return close()
    },
  }
}

/** Of one or two nodes, those that the load may go to: home first. */
function chooseAddresses(nodes: readonly Address[], to: Side, failover: boolean): readonly Address[] {
  if (to === 'both') return nodes
  const inOrder = to === 'slave' ? nodes.toReversed() : nodes
  return failover ? inOrder : inOrder.slice(0, 1)
}
