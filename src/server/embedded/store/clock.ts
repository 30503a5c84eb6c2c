import {RELATIVE_EXPTIME_MAX_SECONDS} from '../../../protocol/limits.js'

/** An exptime in the past that is never 0 (which means never). */
const LONG_AGO = 1
const LATEST = 0xffff_ffff

/**
 * Coarse time of one node in Unix seconds, moved by {@link tick}. It follows the
 * monotonic clock from the start on, so that a step of the wall clock expires nothing.
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

  /** For tests: moves the node's time, backwards too. */
  advance(seconds: number): void {
    this.#shiftSeconds += seconds
    this.nowSeconds += seconds
  }

  /** For tests: time stands still until {@link resume}. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.tick()
  }

  /**
   * A client's exptime as Unix seconds, 0 = never: up to 30 days it counts from
   * now, above it is absolute, negative or before our start is already over.
   */
  expiryOf(exptime: number): number {
    if (exptime === 0) return 0
    if (exptime < 0) return LONG_AGO
    if (exptime <= RELATIVE_EXPTIME_MAX_SECONDS) return this.nowSeconds + exptime
    return exptime <= this.startedAtSeconds ? LONG_AGO : Math.min(exptime, LATEST)
  }
}
