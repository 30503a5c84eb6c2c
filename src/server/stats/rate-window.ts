import type {NodeFigures} from './node-figures.js'
import {type NodeRates, ratesBetween} from './node-rates.js'

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
