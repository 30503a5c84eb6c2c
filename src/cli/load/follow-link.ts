import {setTimeout as delay} from 'node:timers/promises'
import type {RunResult} from '../../engine/result/run-result.js'
import type {LinkVerdict} from '../../server/node-api/link-verdict.js'
import {LinkRecord, type LinkSpell} from '../../server/observe/link-record.js'
import type {LinkTruth, LinkWatch} from '../../server/observe/link-watch.js'
import type {Parting} from '../../server/parting/parting.js'

/** Time limit for a link to show whether it works, before the load and after it. */
const CONFIRM_MS = 3000
/** A shorter doubt was a busy moment. */
const DOUBT_SECONDS = 2
const SPELLS_KEPT = 100
const BETWEEN_POLLS_MS = 100

type Summary = NonNullable<RunResult['link']>

const unpaired: ReadonlySet<LinkVerdict> = new Set(['unpaired-but-serving', 'listening', 'orphaned'])

/** Follows the link of a pair through a load. */
export class FollowedLink {
  readonly #watch: LinkWatch
  readonly #signal: AbortSignal
  readonly #record: LinkRecord
  readonly #stop: () => void
  #partedBefore = false

  /** @param watch is started, and closed by whoever made it */
  constructor(watch: LinkWatch, signal: AbortSignal) {
    this.#watch = watch
    this.#signal = signal
    this.#record = new LinkRecord(watch.truth, performance.now())
    this.#stop = watch.onTruth(truth => this.#record.note(truth, performance.now()))
  }

  /** Events of the link for the run's timeline, beside those of its nodes. */
  get events(): Pick<LinkWatch, 'onEvent'> {
    return this.#watch
  }

  /** Resolves when it is known whether the pair replicates, at the latest after the time limit. */
  async ready(): Promise<void> {
    if (!this.#watch.truth.proven) await this.#watch.confirm({timeoutMs: CONFIRM_MS, signal: this.#signal})
    this.#partedBefore = (await this.#compared()).parting !== null
  }

  /**
   * Summary of the link during the load. To be called after the load: it also finds what broke at its very end.
   * @param startMs when it began, on performance.now()
   */
  async summary(startMs: number): Promise<Summary> {
    await this.#watch.confirm({timeoutMs: CONFIRM_MS, signal: this.#signal})
    const truth = await this.#compared()
    this.close()
    const nowMs = performance.now()
    this.#record.note(truth, nowMs)
    const spells = this.#record.spells(nowMs).flatMap(spell => spellOfRun(spell, startMs))
    const secondsOf = (counts: (verdict: LinkVerdict) => boolean) =>
      spells.reduce((sum, {verdict, from, to}) => sum + (counts(verdict) ? to - from : 0), 0)
    return {
      verdict: truth.verdict,
      why: truth.why,
      proven: truth.proven,
      unpairedSeconds: secondsOf(verdict => unpaired.has(verdict)),
      unknownSeconds: secondsOf(verdict => verdict === 'unknown'),
      parting: truth.parting === null ? null : {...withoutTime(truth.parting), before: this.#partedBefore},
      spells: spells.slice(0, SPELLS_KEPT),
    }
  }

  /** Whether the nodes hold the same, by figures that are from after the load. */
  async #compared(): Promise<LinkTruth> {
    if (this.#signal.aborted) return this.#watch.truth
    await this.#watch.pollNow()
    await delay(BETWEEN_POLLS_MS)
    if (this.#signal.aborted) return this.#watch.truth
    await this.#watch.pollNow()
    return await this.#watch.settleParting({signal: this.#signal})
  }

  close(): void {
    this.#stop()
  }
}

function withoutTime({sinceMs: _, ...parting}: Parting): Omit<NonNullable<Summary['parting']>, 'before'> {
  return {...parting, items: [...parting.items], examples: [...parting.examples]}
}

/** A spell in which the pair was not known to replicate, on the clock of the load. */
function spellOfRun({verdict, why, fromMs, toMs}: LinkSpell, startMs: number): Summary['spells'] {
  const spell = {verdict, why, from: Math.max(0, fromMs - startMs) / 1000, to: (toMs - startMs) / 1000}
  const seconds = spell.to - spell.from
  if (verdict === 'paired' || seconds <= 0 || (verdict === 'unknown' && seconds < DOUBT_SECONDS)) return []
  return [spell]
}
