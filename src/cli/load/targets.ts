import {lookAtServers} from '../../ask/look/look-at-server.js'
import {isNoMemcached, LookError} from '../../ask/look/look-error.js'
import {LinkProbe} from '../../engine/lag/link-probe.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {LinkWatch} from '../../server/observe/link-watch.js'
import {attachTopology} from '../../server/topology/attached-node.js'
import {launchTopology, type Topology} from '../../server/topology/topology.js'
import {topologyPlans} from '../../server/topology/topology-plans.js'
import type {CliContext} from '../app/context.js'
import {UsageError} from '../app/errors.js'
import {type NodeOptions, readLaunchOptions} from '../options/node-options.js'
import {chooseNodes, type LoadTarget, type NodePair} from './load-target.js'

/** Which of two nodes the load goes to: the first counts as the master. */
export const sides = ['master', 'slave', 'both'] as const
export type Side = (typeof sides)[number]

const DEFAULT_TOPOLOGY = 'pair'

/** The nodes that a command line names. */
export interface TargetOptions extends NodeOptions {
  /** Running servers, one or two. */
  readonly server?: readonly Address[]
  readonly topology?: string
  readonly to?: Side
  readonly lagProbe?: true
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

/** Launches the topology, or takes the servers that run already. */
export async function openTarget(options: TargetOptions, failover: boolean, context: CliContext): Promise<LoadTarget> {
  const {server, topology: name = DEFAULT_TOPOLOGY} = options
  if (server !== undefined) {
    const target = targetOf(attachTopology(server), options, context)
    await lookBefore(target, {...options, failover}, context)
    return target
  }
  context.stderr.write(`starting topology ${name}\n`)
  return targetOf(await launchTopology({...readLaunchOptions(options, context), name}), options, context)
}

function targetOf(topology: Topology, {to}: TargetOptions, {shutdown}: CliContext): LoadTarget {
  const {name, nodes} = topology
  const pair: NodePair | null = topology.pair === null ? null : [topology.pair.master, topology.pair.slave]
  const forget = shutdown.add(() => topology.close())
  return {
    topology: name,
    nodes,
    home: pair === null ? nodes[0]! : pair[to === 'slave' ? 1 : 0],
    pair,
    watchLink({probes}) {
      if (pair === null) return null
      const watch = new LinkWatch({nodes: pair, makeProbe: probes ? probed => new LinkProbe(probed) : null})
      const forgetWatch = shutdown.add(() => watch.close())
      watch.start()
      return {
        watch,
        close: () => {
          forgetWatch()
          return watch.close()
        },
      }
    },
    close: () => {
      forget()
      return topology.close()
    },
  }
}

/**
 * The load looks at those that it goes to, but only after a pair has been watched for a while. A node that is only
 * probed and read may be down.
 * @throws LookError where there is no memcached for certain
 */
async function lookBefore(
  {nodes, home, pair}: LoadTarget,
  {to, lagProbe, failover}: Pick<TargetOptions, 'to' | 'lagProbe'> & {readonly failover: boolean},
  {shutdown}: CliContext,
): Promise<void> {
  const loaded = chooseNodes({home, pair, failover, both: to === 'both'})
  const servers = nodes.filter(node => lagProbe === true || !loaded.includes(node)).map(({address}) => address)
  try {
    await lookAtServers(servers, {signal: shutdown.signal})
  } catch (error) {
    if (!(error instanceof LookError) || isNoMemcached(error)) throw error
    if (!failover && formatAddress(error.address) === formatAddress(home.address)) throw error
  }
}
