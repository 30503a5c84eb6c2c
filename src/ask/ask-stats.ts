import type {Address} from '../protocol/address.js'
import {parseStats, type StatsReply} from '../protocol/text/stats-reply.js'
import {AskError} from './ask-error.js'
import {type AskOptions, askOnce} from './ask-once.js'
import {inQuotes} from './quote.js'

/** One `stats` round trip on a connection of its own: name → value, in the node's order. @throws AskError */
export async function askStats(address: Address, options?: AskOptions): Promise<StatsReply> {
  return statsIn(await askOnce(address, 'stats', options), address)
}

/** The figures in the lines of a `stats …` reply. @throws AskError when they are no such reply */
export function statsIn(lines: readonly string[], address: Address): StatsReply {
  const stats = parseStats(lines)
  if (stats !== null) return stats
  throw new AskError({code: 'ERR_ASK_REPLY', address, expected: 'STAT lines', got: inQuotes(lines.at(-1) ?? '')})
}
