import {setTimeout as delay} from 'node:timers/promises'

export interface PaceOptions {
  /** Null = no limit. */
  readonly itemsPerSecond: number | null
  readonly bytesPerSecond: number | null
  readonly signal?: AbortSignal | undefined
  /** Monotonic ms. @default performance.now */
  readonly now?: () => number
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>
}

/** Time that was not used is not made up for beyond this. */
const CREDIT_MS = 100

/** Keeps to a rate: each batch waits until those before it have had their time. */
export class Pace {
  readonly #options: PaceOptions
  readonly #now: () => number
  readonly #sleep: (ms: number) => Promise<unknown>
  #freeAtMs = Number.NEGATIVE_INFINITY

  constructor(options: PaceOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#sleep = options.sleep ?? (ms => delay(ms, undefined, {signal: options.signal}))
  }

  /** Resolves when the batch may go. */
  async take(items: number, bytes: number): Promise<void> {
    const {itemsPerSecond, bytesPerSecond} = this.#options
    const takesMs = Math.max(
      itemsPerSecond === null ? 0 : (items / itemsPerSecond) * 1000,
      bytesPerSecond === null ? 0 : (bytes / bytesPerSecond) * 1000,
    )
    if (takesMs === 0) return
    const now = this.#now()
    const startMs = Math.max(this.#freeAtMs, now - CREDIT_MS)
    this.#freeAtMs = startMs + takesMs
    if (startMs > now) await this.#sleep(startMs - now)
  }
}
