import {RELATIVE_EXPTIME_MAX_SECONDS} from '../../../protocol/limits.js'

/** An exptime in the past other than 0, which means never. */
const LONG_AGO = 1
const LATEST = 0xffff_ffff

/**
 * Coarse time of one node in Unix seconds, moved by {@link tick}. It follows the
 * monotonic clock, so that a step of the wall clock expires nothing.
 */
export class Clock {
  readonly #monotonicMs: () => number
  readonly #startedMonotonicMs: number
  #shiftSeconds = 0
  #paused = false
  readonly startedAtSeconds: number
  nowSeconds: number

  constructor({
    wallMs = Date.now,
    monotonicMs = () => performance.now(),
  }: {
    wallMs?: () => number
    monotonicMs?: () => number
  } = {}) {
    this.#monotonicMs = monotonicMs
    this.#startedMonotonicMs = monotonicMs()
    this.startedAtSeconds = Math.floor(wallMs() / 1000)
    this.nowSeconds = this.startedAtSeconds
  }

  tick(): void {
    if (this.#paused) return
    const seconds = Math.floor((this.#monotonicMs() - this.#startedMonotonicMs) / 1000)
    this.nowSeconds = this.startedAtSeconds + this.#shiftSeconds + seconds
  }

  /** For tests: moves the node's time, also backwards. */
  advance(seconds: number): void {
    this.#shiftSeconds += seconds
    this.nowSeconds += seconds
  }

  /** For tests: stops the node's time until {@link resume}. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.tick()
  }

  /**
   * A client's exptime as Unix seconds, 0 = never: up to 30 days it is relative to
   * now, above that absolute; one that is negative or before the node's start has expired.
   */
  expiryOf(exptime: number): number {
    if (exptime === 0) return 0
    if (exptime < 0) return LONG_AGO
    if (exptime <= RELATIVE_EXPTIME_MAX_SECONDS) return this.nowSeconds + exptime
    return exptime <= this.startedAtSeconds ? LONG_AGO : Math.min(exptime, LATEST)
  }
}
