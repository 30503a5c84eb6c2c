import type {Address} from '../../protocol/address.js'
import {askOnce} from '../ask-once.js'

/** How many clients a server may have (`-c`), as it tells; null where it does not. */
export async function readConnectionLimit(
  address: Address,
  {signal}: {signal?: AbortSignal | undefined},
): Promise<number | null> {
  try {
    const lines = await askOnce(address, 'stats settings', {signal})
    const limit = Number(lines.flatMap(line => /^STAT maxconns (\d{1,9})$/.exec(line)?.[1] ?? [])[0] ?? Number.NaN)
    return Number.isNaN(limit) ? null : limit
  } catch {
    // It is said without it, then.
    return null
  }
}
