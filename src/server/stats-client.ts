import {type Address, formatAddress} from '../protocol/address.js'
import {type AskOptions, askNode} from './ask-node.js'
import {NodeReplyError} from './node-errors.js'
import {parseStats, type StatsReply} from './stats-reply.js'

/** One `stats` round trip: name → value, in the node's order. */
export async function fetchStats(address: Address, options: AskOptions = {}): Promise<StatsReply> {
  const lines = await askNode(address, 'stats', options)
  const stats = parseStats(lines)
  if (stats === null) {
    throw new NodeReplyError(`Expected STAT lines from ${formatAddress(address)}, got '${lines.at(-1)}'`)
  }
  return stats
}
