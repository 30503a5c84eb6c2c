import {askOnce} from '../../ask/ask-once.js'
import type {OwnTraffic} from '../../ask/own-traffic.js'
import {parseStats} from '../../protocol/text/stats-reply.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import {slabClassesOf} from '../../server/stats/slab-classes.js'
import {formatSlabTable} from '../documents/text/slab-table.js'

/** The slab classes of a node, as memcached-tool prints them. @param traffic counts what that takes */
export async function readSlabs({address}: ClusterNode, traffic: OwnTraffic): Promise<readonly string[]> {
  const ask = (command: string) => askOnce(address, command, {traffic})
  const [items, slabs] = await Promise.all([ask('stats items'), ask('stats slabs')])
  const none = new Map<string, string>()
  return formatSlabTable(slabClassesOf({items: parseStats(items) ?? none, slabs: parseStats(slabs) ?? none}))
}
