import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../protocol/address.js'
import {type RunningLagProbe, startLagProbe} from '../lag/lag-probe.js'
import {addRequests, probeRequests, type RequestCount} from '../measure/request-counts.js'

const POLL_MS = 5
/** A pair that is this far behind after its load is better called apart than waited for. */
const LIMIT_MS = 5000

export interface QuiesceOptions {
  readonly nodes: readonly [Address, Address]
  /** One that runs already; one of its own otherwise. */
  readonly probe?: Pick<RunningLagProbe, 'record'>
  /** @default 5000 */
  readonly limitMs?: number
  readonly signal?: AbortSignal | undefined
  /** What a probe of its own asks of the nodes is added. */
  readonly requests?: RequestCount | undefined
}

/**
 * Waits after a load until what it wrote has crossed: the link keeps the order
 * of writes, so a write that is made now and is seen on the other node has all
 * earlier ones of its direction before it.
 * @returns whether writes crossed both ways within the limit
 */
export async function quiesce({nodes, probe, limitMs = LIMIT_MS, signal, requests}: QuiesceOptions): Promise<boolean> {
  const own = probe === undefined ? startLagProbe({a: nodes[0], b: nodes[1]}) : null
  const {record} = probe ?? own!
  try {
    const sinceMs = performance.now()
    while (!record.crossedSince(sinceMs)) {
      if (performance.now() - sinceMs >= limitMs) return false
      await delay(POLL_MS, undefined, {signal})
    }
    return true
  } finally {
    await own?.stop()
    const asked = own?.record.summary().probe ?? null
    if (asked !== null && requests !== undefined) addRequests(requests, probeRequests(asked))
  }
}
