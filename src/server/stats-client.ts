import {type Address, formatAddress} from '../protocol/address.js'
import {type AskOptions, askNode} from './ask-node.js'
import {NodeReplyError} from './node-errors.js'

/** One `stats` round trip: name → value, in the node's order. */
export async function fetchStats(address: Address, options: AskOptions = {}): Promise<ReadonlyMap<string, string>> {
  const lines = await askNode(address, 'stats', options)
  const stats = new Map<string, string>()
  for (const line of lines) {
    const match = /^STAT (\S+) (.*)$/.exec(line)
    if (match !== null) stats.set(match[1]!, match[2]!)
  }
  if (lines.at(-1) !== 'END') {
    throw new NodeReplyError(`Expected STAT lines from ${formatAddress(address)}, got '${lines.at(-1)}'`)
  }
  return stats
}
