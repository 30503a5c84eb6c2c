import {type NodeCounters, type NodeFigures, ratio} from './node-figures.js'

/** Per second, between two samples; null where the node reports no such figure. */
export interface NodeRates {
  /** Length of the interval. */
  readonly seconds: number
  readonly operations: number
  readonly gets: number | null
  readonly hits: number | null
  readonly sets: number | null
  readonly evictions: number | null
  readonly bytesRead: number | null
  readonly bytesWritten: number | null
  /** Hits of the interval's gets, 0 to 1; null without gets. */
  readonly hitRatio: number | null
}

/** Whether the process is another one than before, as far as its figures tell (in containers every pid is 1). */
export function isRestart(before: NodeFigures, after: NodeFigures): boolean {
  return before.pid !== after.pid || (after.uptimeSeconds ?? 0) < (before.uptimeSeconds ?? 0)
}

interface RateOptions {
  readonly before: NodeFigures
  readonly after: NodeFigures
  readonly seconds: number
  /** The node counts from 0 since then: it was restarted, or told `stats reset`. */
  readonly anew: boolean
}

export function ratesBetween({before, after, seconds, anew}: RateOptions): NodeRates {
  const grown = (name: keyof NodeCounters): number | null => {
    const now = after.counters[name]
    const then = before.counters[name]
    if (now === null || then === null) return null
    // A little less than before is not less: our own commands, taken out, may have been counted a moment later.
    return anew ? now : Math.max(0, now - then)
  }
  const rate = (name: keyof NodeCounters): number | null => {
    const growth = grown(name)
    return growth === null ? null : growth / seconds
  }
  return {
    seconds,
    operations: rate('operations') ?? 0,
    gets: rate('gets'),
    hits: rate('hits'),
    sets: rate('sets'),
    evictions: rate('evictions'),
    bytesRead: rate('bytesRead'),
    bytesWritten: rate('bytesWritten'),
    hitRatio: ratio(grown('hits'), grown('gets')),
  }
}

interface Told {
  readonly figures: NodeFigures
  /** Monotonic ms of the answer. */
  readonly atMs: number
}

interface Base extends Told {
  /** Counters began again from 0 at that time. */
  readonly zero: boolean
}

/** A base younger than this share of the window gives no rates: a few operations in a millisecond are noise. */
const SHORTEST = 0.5

/**
 * Rates of one node over a window of known length, however often it is asked: between the newest sample and the one
 * whose age is nearest to the window.
 */
export class RateWindow {
  readonly #windowMs: number
  #bases: Base[] = []
  #rates: NodeRates | null = null

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /**
   * @param anew counters began again from 0 since the sample before
   * @returns null before there is a whole window; the rates of the last one while the next is too short
   */
  add({figures, atMs, anew}: Told & {readonly anew: boolean}): NodeRates | null {
    const before = this.#bases.at(-1)
    if (anew && before !== undefined) {
      this.#bases = [{figures, atMs: before.atMs, zero: true}]
      this.#rates = null
    }
    const base = this.#nearest(atMs)
    this.#bases.push({figures, atMs, zero: false})
    if (base === undefined || atMs - base.atMs < this.#windowMs * SHORTEST) return this.#rates
    this.#rates = ratesBetween({
      before: base.figures,
      after: figures,
      seconds: (atMs - base.atMs) / 1000,
      anew: base.zero,
    })
    this.#forgetBefore(base)
    return this.#rates
  }

  #nearest(atMs: number): Base | undefined {
    const off = ({atMs: baseMs}: Base) => Math.abs(atMs - baseMs - this.#windowMs)
    return this.#bases.reduce<Base | undefined>(
      (best, base) => (best === undefined || off(base) <= off(best) ? base : best),
      undefined,
    )
  }

  /** Later samples have later bases. */
  #forgetBefore(base: Base): void {
    this.#bases.splice(0, this.#bases.indexOf(base))
  }
}
