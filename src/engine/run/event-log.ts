import type {RunEvent} from '../result/run-result.js'

/** An event on performance.now(). */
export type LoggedEvent = Omit<RunEvent, 't'> & {readonly monotonicMs: number}

/** A run of days keeps its first and its newest events: they say the most. */
const FIRST_KEPT = 1000
const NEWEST_KEPT = 4000

/** Events of a run; of very many, the first and the newest. */
export class EventLog {
  readonly #first: LoggedEvent[] = []
  readonly #newest: LoggedEvent[] = []
  #count = 0

  /** Number of all events so far, including those not kept. */
  get count(): number {
    return this.#count
  }

  add(event: LoggedEvent): void {
    this.#count++
    if (this.#first.length < FIRST_KEPT) {
      this.#first.push(event)
      return
    }
    this.#newest.push(event)
    if (this.#newest.length > 2 * NEWEST_KEPT) this.#newest.splice(0, NEWEST_KEPT)
  }

  /** The kept events after the first `count` ones. */
  after(count: number): readonly LoggedEvent[] {
    const newestFrom = this.#count - this.#newest.length
    if (count >= newestFrom) return this.#newest.slice(count - newestFrom)
    return [...this.#first.slice(count), ...this.#newest]
  }

  /** All kept events in order of time; one event says how many are not kept. */
  all(): LoggedEvent[] {
    const leftOut = this.#count - this.#first.length - this.#newest.length
    const last = this.#first.at(-1)
    const gap =
      leftOut === 0 || last === undefined ? [] : [{...last, kind: 'leftOut', text: `${leftOut} events omitted`}]
    return [...this.#first, ...gap, ...this.#newest].toSorted((a, b) => a.monotonicMs - b.monotonicMs)
  }
}
