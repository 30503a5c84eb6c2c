/** What a node's `stats` say of the items that it removed by itself; null where it has no such figure. */
export interface RemovalFigures {
  /** Tells one life of a node from the next. */
  readonly pid: number | null
  readonly evictions: number | null
  /** Items that had expired when their memory was taken for another. */
  readonly reclaimed: number | null
  /** Of items that expired: those that nobody had read. */
  readonly expiredUnfetched: number | null
  readonly bytes: number | null
  readonly limitBytes: number | null
}

/** What a node removed by itself while it was watched, over all its lives. */
export interface NodeRemovals {
  readonly name: string
  readonly evictions: number
  readonly reclaimed: number
  readonly expiredUnfetched: number
  /** No eviction can have gone uncounted: not so when a node died that had evicted, or was half full. */
  readonly isCertain: boolean
}

/** A node that died with less of its memory in use than this, and had not evicted, has evicted nothing. */
const SAFE_SHARE = 0.5

/** Adds up what one node says, sample by sample, and keeps none of them: a node may be watched for days. */
export class RemovalSum {
  readonly #sum = {evictions: 0, reclaimed: 0, expiredUnfetched: 0}
  #isCertain = true
  #before: RemovalFigures | undefined

  get isEmpty(): boolean {
    return this.#before === undefined
  }

  /** The first sample is what had happened before. */
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
