import {type Address, formatAddress} from '../protocol/address.js'
import {type AskNode, type AskOptions, askNode} from './ask-node.js'
import {NodeReplyError} from './node-errors.js'
import {parseStats, type StatsReply} from './stats-reply.js'

export interface StatsOptions extends AskOptions {
  /** How the node is asked. @default on a connection of this thread */
  readonly ask?: AskNode
}

/** One `stats` round trip: name → value, in the node's order. */
export async function fetchStats(
  address: Address,
  {ask = askNode, ...options}: StatsOptions = {},
): Promise<StatsReply> {
  const lines = await ask(address, 'stats', options)
  const stats = parseStats(lines)
  if (stats === null) {
    throw new NodeReplyError(`Expected STAT lines from ${formatAddress(address)}, got '${lines.at(-1)}'`)
  }
  return stats
}
