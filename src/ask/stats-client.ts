import type {Address} from '../protocol/address.js'
import type {StatsReply} from '../protocol/text/stats-reply.js'
import {type AskNode, type AskOptions, askOnce} from './ask-once.js'
import {statsIn} from './stats-answer.js'

export interface StatsOptions extends AskOptions {
  /** How the node is asked. @default on a connection of this thread */
  readonly ask?: AskNode
}

/** One `stats` round trip: name → value, in the node's order. @throws AskError */
export async function fetchStats(
  address: Address,
  {ask = askOnce, ...options}: StatsOptions = {},
): Promise<StatsReply> {
  return statsIn(await ask(address, 'stats', options), address)
}
