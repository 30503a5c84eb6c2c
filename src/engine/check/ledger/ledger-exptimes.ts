import type {Address} from '../../../protocol/address.js'
import {parseKey} from '../../data/key-text.js'
import type {RequestCount} from '../../measure/request-counts.js'
import {differInExptime} from '../items/compare-items.js'
import {eachKey, type ListExtent} from '../items/list-keys.js'

/** Exptimes of a load's keys, compared between two nodes. */
export interface LedgerExptimes {
  /** Keys whose exptimes differ, with both in Unix seconds; 0 = never. */
  readonly others: ReadonlyMap<number, readonly [a: number, b: number]>
  /** Keys of the load that both nodes list with an exptime. */
  readonly compared: number
  readonly extent: ListExtent
}

interface LedgerExptimesOptions {
  readonly nodes: readonly [Address, Address]
  readonly keyPrefix: string
  readonly keyCount: number
  readonly signal?: AbortSignal | undefined
  /** How long a node may take for one reply, in ms. @default 10_000 */
  readonly replyMs?: number | undefined
  /** Counts what is asked of the nodes. */
  readonly requests?: RequestCount | undefined
}

const UNKNOWN = 0xffff_ffff

/**
 * Compares the exptimes of a load's keys on two nodes, by the nodes' own lists:
 * a get does not tell an exptime.
 * @throws AskError when a node can't be asked
 */
export async function compareExptimes(options: LedgerExptimesOptions): Promise<LedgerExptimes> {
  const {nodes, keyPrefix, keyCount, signal, replyMs: timeoutMs, requests} = options
  const onA = new Uint32Array(keyCount + 1).fill(UNKNOWN)
  const others = new Map<number, readonly [number, number]>()
  const keyOf = (text: string): number => {
    const key = parseKey(keyPrefix, text)
    return key <= keyCount ? key : 0
  }
  let compared = 0
  const {extent: extentA} = await eachKey(
    nodes[0],
    (text, expiresAt) => {
      onA[keyOf(text)] = expiresAt
    },
    {timeoutMs, signal, requests},
  )
  if (extentA === 'none') return {others, compared, extent: 'none'}
  const {extent: extentB} = await eachKey(
    nodes[1],
    (text, b) => {
      const key = keyOf(text)
      const a = onA[key]!
      if (key === 0 || a === UNKNOWN) return
      compared++
      if (differInExptime(a, b)) others.set(key, [a, b])
    },
    {timeoutMs, signal, requests},
  )
  return {others, compared, extent: extentA === 'all' ? extentB : 'some'}
}
