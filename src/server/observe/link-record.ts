import type {LinkVerdict} from '../node-api/link-verdict.js'
import type {LinkTruth} from './link-watch.js'

/** A time in which one verdict held; monotonic ms. */
export interface LinkSpell {
  readonly verdict: LinkVerdict
  /** What was known when it ended. */
  readonly why: string
  readonly fromMs: number
  readonly toMs: number
}

/** What was found out about a pair, from one moment to another. */
export class LinkRecord {
  readonly #spells: LinkSpell[] = []
  #current: LinkTruth
  #sinceMs: number

  constructor(truth: LinkTruth, nowMs: number) {
    this.#current = truth
    this.#sinceMs = nowMs
  }

  /** Takes what is known now: a change of verdict, or of its reason. */
  note(truth: LinkTruth, nowMs: number): void {
    const before = this.#current
    this.#current = truth
    if (truth.verdict === before.verdict) return
    this.#spells.push({verdict: before.verdict, why: before.why, fromMs: this.#sinceMs, toMs: nowMs})
    this.#sinceMs = nowMs
  }

  /** Up to now, oldest first; the last one is not over. */
  spells(nowMs: number): readonly LinkSpell[] {
    const {verdict, why} = this.#current
    return [...this.#spells, {verdict, why, fromMs: this.#sinceMs, toMs: nowMs}]
  }
}
