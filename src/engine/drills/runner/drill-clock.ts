import {setTimeout as delay} from 'node:timers/promises'
import type {DrillClock} from '../contract/drill.js'
import type {DrillTimes} from '../judge/drill-timings.js'

const POLL_MS = 5

/** Time since the start of a drill's load, and when the parts of the drill began and ended. */
export class RunningClock implements DrillClock {
  readonly holdMs: number
  readonly #signal: AbortSignal
  #startMs = performance.now()
  #times: DrillTimes | null = null

  constructor({holdMs, signal}: {holdMs: number; signal: AbortSignal}) {
    this.holdMs = holdMs
    this.#signal = signal
  }

  /** Of the load, on performance.now(); until it starts, of the drill. */
  get startMs(): number {
    return this.#startMs
  }

  /** Null before the fault. */
  get times(): DrillTimes | null {
    return this.#times
  }

  /** When the fault was last marked, on performance.now(); before the fault, the start of the load. */
  get faultMs(): number {
    return this.#startMs + (this.#times?.fault ?? 0) * 1000
  }

  now(): number {
    return (performance.now() - this.#startMs) / 1000
  }

  sleep(ms: number): Promise<void> {
    return delay(ms, undefined, {signal: this.#signal})
  }

  async until(holds: () => boolean, limitMs: number): Promise<boolean> {
    const limit = performance.now() + limitMs
    while (!holds()) {
      if (performance.now() >= limit) return false
      await this.sleep(POLL_MS)
    }
    return true
  }

  mark(): void {
    this.#patch({fault: this.now()})
  }

  loadStarted(startMs: number): void {
    this.#startMs = startMs
  }

  faultBegins(): void {
    const fault = this.now()
    this.#times = {fault, recover: null, paired: null, settled: false, end: fault}
  }

  recoveryBegins(): void {
    this.#patch({recover: this.now()})
  }

  settled({recovered}: {recovered: boolean}): void {
    this.#patch({paired: recovered ? this.now() : null, settled: true})
  }

  ended(): void {
    this.#patch({end: this.now()})
  }

  #patch(changes: Partial<DrillTimes>): void {
    if (this.#times !== null) this.#times = {...this.#times, ...changes}
  }
}
