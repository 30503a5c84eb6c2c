import type {RunEvent} from '../result/run-result.js'

/** An event on performance.now(). */
export type LoggedEvent = Omit<RunEvent, 't'> & {readonly monotonicMs: number}

/** How a run began says most, and how it ended: a run of days keeps these. */
const FIRST_KEPT = 1000
const NEWEST_KEPT = 4000

/** What happened during a run; of very many events the first and the newest. */
export class EventLog {
  readonly #first: LoggedEvent[] = []
  readonly #newest: LoggedEvent[] = []
  #count = 0

  /** Of all events so far, those that are not kept among them. */
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

  /** The events after the first `count` ones, as far as they are kept. */
  after(count: number): readonly LoggedEvent[] {
    const newestFrom = this.#count - this.#newest.length
    if (count >= newestFrom) return this.#newest.slice(count - newestFrom)
    return [...this.#first.slice(count), ...this.#newest]
  }

  /** In order of time; where some are not kept, one event says how many. */
  all(): LoggedEvent[] {
    const leftOut = this.#count - this.#first.length - this.#newest.length
    const last = this.#first.at(-1)
    const gap =
      leftOut === 0 || last === undefined
        ? []
        : [{...last, kind: 'leftOut', text: `${leftOut} events are left out here`}]
    return [...this.#first, ...gap, ...this.#newest].toSorted((a, b) => a.monotonicMs - b.monotonicMs)
  }
}
