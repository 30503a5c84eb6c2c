import type {Address} from '../protocol/address.js'
import {AskConnection} from './ask-connection.js'
import type {AskLimitOptions} from './ask-limits.js'
import type {OwnTraffic} from './own-traffic.js'
import {inQuotes} from './quote.js'
import {askText} from './text-reply.js'

export interface AskOptions {
  /** For connecting and the whole reply. @default 1000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly limits?: Omit<AskLimitOptions, 'timeoutMs'> | undefined
  /** Counts what is asked, to be taken out of the node's figures. */
  readonly traffic?: OwnTraffic | undefined
}

/**
 * Sends one command on a connection of its own and resolves with the lines of the reply.
 * @throws AskError when no complete reply comes within the limits
 */
export async function askOnce(
  address: Address,
  command: string,
  {timeoutMs = 1000, signal, limits, traffic}: AskOptions = {},
): Promise<string[]> {
  const expected = `an answer to ${inQuotes(command)}`
  const connection = new AskConnection({
    address,
    expected,
    signal,
    limits: {...limits, timeoutMs},
    traffic: traffic === undefined ? [] : [traffic],
  })
  try {
    return [...(await askText(connection, command)).lines]
  } finally {
    connection.close()
  }
}
