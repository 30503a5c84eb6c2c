import {roundHalfToEven} from './distribution.js'

/** mcperf's bins are 1 ms wide; the last one holds all that is longer. */
const BINS = 100_000

/** mcperf's histogram of response times, with its way of reading percentiles from it. */
export class ResponseHistogram {
  readonly #bins = new Uint32Array(BINS)

  add(ms: number): void {
    this.#bins[Math.min(roundHalfToEven(ms), BINS - 1)]!++
  }

  /** The bins that are not empty, as [ms, count], in order. */
  *entries(): Generator<readonly [ms: number, count: number]> {
    for (let bin = 0; bin < BINS; bin++) if (this.#bins[bin]! > 0) yield [bin, this.#bins[bin]!]
  }

  /** Whether the last bin, of 100 s and more, is empty. */
  get lastIsEmpty(): boolean {
    return this.#bins[BINS - 1] === 0
  }

  /**
   * The first bin, in ms, up to which there is this share of `total` responses.
   * As mcperf takes 0 for "not found yet", it is never the bin of 0 ms.
   */
  quantile(share: number, total: number): number {
    const wanted = roundHalfToEven(share * total)
    let count = this.#bins[0]!
    for (let bin = 1; bin < BINS; bin++) {
      count += this.#bins[bin]!
      if (count >= wanted) return bin
    }
    return 0
  }
}
