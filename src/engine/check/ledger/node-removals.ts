/** Figures of a node's `stats` about items that it removed by itself; null when it has no such figure. */
export interface RemovalFigures {
  /** Another one after a restart. */
  readonly pid: number | null
  readonly evictions: number | null
  /** Expired items whose memory was reused. */
  readonly reclaimed: number | null
  /** Expired items that were never read. */
  readonly expiredUnfetched: number | null
  readonly bytes: number | null
  readonly limitBytes: number | null
}

/** What a node removed by itself while it was watched, restarts included. */
export interface NodeRemovals {
  readonly name: string
  readonly evictions: number
  readonly reclaimed: number
  readonly expiredUnfetched: number
  /** No eviction can be uncounted. False when a node died that had evicted, or was half full. */
  readonly isCertain: boolean
}

/** A node that died with less than this share of its memory in use, without evictions so far, has evicted nothing. */
const SAFE_SHARE = 0.5

/** Sums up what one node removed, sample by sample; keeps no samples, because a node may be watched for days. */
export class RemovalSum {
  readonly #sum = {evictions: 0, reclaimed: 0, expiredUnfetched: 0}
  #isCertain = true
  #before: RemovalFigures | undefined

  get isEmpty(): boolean {
    return this.#before === undefined
  }

  /** Adds a sample; the first one is the baseline. */
  add(sample: RemovalFigures): void {
    const before = this.#before
    this.#before = sample
    if (sample.evictions === null) this.#isCertain = false
    if (before === undefined) return
    const isNewLife = sample.pid !== before.pid || count(sample, 'evictions') < count(before, 'evictions')
    if (isNewLife && !isSafe(before)) this.#isCertain = false
    const base = isNewLife ? undefined : before
    for (const figure of ['evictions', 'reclaimed', 'expiredUnfetched'] as const) {
      this.#sum[figure] += count(sample, figure) - count(base, figure)
    }
  }

  of(name: string): NodeRemovals {
    return {name, ...this.#sum, isCertain: this.#isCertain && !this.isEmpty}
  }
}

function isSafe({evictions, bytes, limitBytes}: RemovalFigures): boolean {
  return evictions === 0 && bytes !== null && limitBytes !== null && bytes < limitBytes * SAFE_SHARE
}

function count(figures: RemovalFigures | undefined, name: 'evictions' | 'reclaimed' | 'expiredUnfetched'): number {
  return figures?.[name] ?? 0
}
