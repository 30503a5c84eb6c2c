import {askOnce} from '../../ask/ask-once.js'
import {parseStats} from '../../protocol/text/stats-reply.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import {slabClassesOf} from '../../server/stats/slab-classes.js'
import {formatSlabTable} from '../documents/text/slab-table.js'

/** The slab classes of a node, as memcached-tool prints them. */
export async function readSlabs({address}: ClusterNode): Promise<readonly string[]> {
  const [items, slabs] = await Promise.all([askOnce(address, 'stats items'), askOnce(address, 'stats slabs')])
  const none = new Map<string, string>()
  return formatSlabTable(slabClassesOf({items: parseStats(items) ?? none, slabs: parseStats(slabs) ?? none}))
}
