import type {LoadPlan} from '../plan/plan.js'
import {RateCurve} from './rate-curve.js'

interface Stretch {
  readonly fromMs: number
  /** Operations due before it. */
  readonly before: number
  readonly ratePerSecond: number
}

/** When each operation of an open loop is due, and how many are by a time; the rate may be changed on the way. */
export class Pace {
  readonly #start: RateCurve | number
  /** One for each change. */
  readonly #changes: Stretch[] = []

  constructor({ratePerSecond, ratePhases}: Pick<LoadPlan, 'ratePerSecond' | 'ratePhases'>) {
    this.#start = ratePhases === null ? ratePerSecond : new RateCurve(ratePhases)
  }

  /** @param count operations before this one; not only whole numbers @returns ms from the start; Infinity behind the end */
  dueMs(count: number): number {
    for (let at = this.#changes.length - 1; at >= 0; at--) {
      const {fromMs, before, ratePerSecond} = this.#changes[at]!
      if (count >= before) return fromMs + ((count - before) * 1000) / ratePerSecond
    }
    return typeof this.#start === 'number' ? (count * 1000) / this.#start : this.#start.dueMs(count)
  }

  /** Operations that are due before a time; not only whole numbers. */
  operationsBy(ms: number): number {
    const last = this.#changes.findLast(({fromMs}) => fromMs <= ms)
    if (last !== undefined) return last.before + ((ms - last.fromMs) * last.ratePerSecond) / 1000
    return typeof this.#start === 'number' ? (ms * this.#start) / 1000 : this.#start.operationsBy(ms)
  }

  /** At a time; of one that is behind the end of a ramp, 0. */
  rateAt(ms: number): number {
    const last = this.#changes.findLast(({fromMs}) => fromMs <= ms)
    if (last !== undefined) return last.ratePerSecond
    return typeof this.#start === 'number' ? this.#start : this.#start.rateAt(ms)
  }

  /** From a time on; what was due before it stays so. */
  change(ratePerSecond: number, atMs: number): void {
    const fromMs = Math.max(atMs, this.#changes.at(-1)?.fromMs ?? 0)
    this.#changes.push({fromMs, before: this.operationsBy(fromMs), ratePerSecond})
  }
}
