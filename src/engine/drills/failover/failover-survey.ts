import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../../protocol/address.js'
import {heldKinds, type LedgerFormat, LedgerReader, OURS} from '../../check/ledger/ledger-reader.js'
import type {VersionLedger} from '../../verify/version-ledger.js'
import {type Failover, type Failovers, newestOf} from './failovers.js'

/**
 * After that long each, from the round before: what was on its way at first is
 * there later, and connections come one after the other.
 */
const ROUNDS_MS = [0, 50, 300]
/** So many are not on their way: they are gone, and asked for twice only. */
const MANY_KEYS = 5000
/** For so long a server that has lost its peer may not have said so yet. */
const LINK_NEWS_MS = 10
/** So many keys and so long a time of acknowledgements without a loss: a link that keeps order lost nothing before them. */
const INTACT_KEYS = 32
const INTACT_MS = 30
/** Asked for at a time while losses are looked for from the newest write back. */
const STEP_KEYS_MIN = 16
const STEP_KEYS_MAX = 1000
const TIMEOUT_MS = 2000
const ABSENT = heldKinds.indexOf('absent')

interface SurveyParts {
  readonly failovers: Failovers
  readonly targets: readonly Address[]
  readonly format: LedgerFormat
  readonly ledger: VersionLedger
  /** Whether the server at that place has told that its link is down: nothing is on its way to it. */
  readonly isCutOff: (place: number) => boolean
}

/** Asks the server that clients came to, on a connection of its own, for keys at risk that their owners have not written yet. */
export class FailoverSurvey {
  /** Keys asked for. */
  reads = 0
  readonly #parts: SurveyParts
  /** With the additions that have been seen to. */
  readonly #running = new Map<Failover, Promise<void>>()
  readonly #seenTo = new Map<Failover, number>()
  readonly #stop = new AbortController()

  constructor(parts: SurveyParts) {
    this.#parts = parts
  }

  /** Begins for failovers that are new or have grown. @param isWanted whether the server may hold less than what was there before */
  look(isWanted: (failover: Failover) => boolean): void {
    for (const failover of this.#parts.failovers.all) {
      if (this.#running.has(failover) || this.#seenTo.get(failover) === failover.additions || !isWanted(failover))
        continue
      const survey = this.#survey(failover)
        .catch(() => {})
        .finally(() => this.#running.delete(failover))
      this.#running.set(failover, survey)
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#running.values())
  }

  async #survey(failover: Failover): Promise<void> {
    const {signal} = this.#stop
    const {isCutOff, failovers} = this.#parts
    for (let waited = 0; waited < LINK_NEWS_MS && !isCutOff(failover.to); waited += 2)
      await delay(2, undefined, {signal})
    let {additions} = failover
    for (let round = 0; round < ROUNDS_MS.length; round++) {
      await delay(ROUNDS_MS[round], undefined, {signal})
      // Those that came since have a right to all rounds.
      if (failover.additions !== additions) round = 0
      additions = failover.additions
      this.#seenTo.set(failover, additions)
      const isLast = isCutOff(failover.to)
      const keys = unsettledKeys(failover)
      if (keys.length > MANY_KEYS && round > 0 && round < ROUNDS_MS.length - 1) continue
      await this.#askInOrder(failover, keys)
      if (failover.additions === additions && (isLast || unsettledKeys(failover).length === 0)) break
    }
    // A node that was gone meanwhile has not been asked for all.
    if ([...failover.keys.values()].every(({held, isTouched}) => held !== null || isTouched)) failovers.settle(failover)
  }

  /** @param keys the one that was written last first */
  async #askInOrder(failover: Failover, keys: Uint32Array): Promise<void> {
    if (keys.length === 0) return
    const {failovers, targets, format} = this.#parts
    const reader = new LedgerReader(targets[failover.to]!, {format, timeoutMs: TIMEOUT_MS, signal: this.#stop.signal})
    const {additions} = failover
    /** Found without a loss between them, up to now. */
    let intactKeys = 0
    let intactSinceMs = 0
    try {
      for (let from = 0; from < keys.length && failover.additions === additions; ) {
        const step = failover.isInOrder ? Math.min(STEP_KEYS_MAX, Math.max(STEP_KEYS_MIN, from / 4)) : keys.length
        const asked = keys.subarray(from, from + step)
        await this.#ask(failover, {reader, keys: asked})
        from += asked.length
        if (!failover.isInOrder) continue
        for (const risk of Array.from(asked, key => failover.keys.get(key)!)) {
          const {atMs} = risk.writes.at(-1)!
          const isIntact = risk.isTouched || (risk.held ?? 0) >= newestOf(risk)
          if (intactKeys === 0) intactSinceMs = atMs
          intactKeys = isIntact ? intactKeys + 1 : 0
          if (intactKeys < INTACT_KEYS || intactSinceMs - atMs < INTACT_MS) continue
          failovers.supposeIntact(failover, atMs)
          return
        }
      }
    } catch {
      // The node is gone again: what it held stays unknown.
    } finally {
      reader.close()
    }
  }

  async #ask(failover: Failover, {reader, keys}: {reader: LedgerReader; keys: Uint32Array}): Promise<void> {
    const {failovers, ledger} = this.#parts
    this.reads += keys.length
    const {kinds, versions} = await reader.read(keys)
    failovers.collect()
    for (const [place, key] of keys.entries()) {
      const kind = kinds[place]!
      // It may have been deleted there meanwhile.
      if (kind === ABSENT && ledger.sent(key) !== newestOf(failover.keys.get(key)!)) continue
      const state = kind === ABSENT ? 'absent' : kind === OURS ? 'ours' : 'other'
      failovers.found(failover, key, {state, version: versions[place]!})
    }
  }
}

/** Those whose newest write was not found, the one that was acknowledged last first. */
function unsettledKeys({keys}: Failover): Uint32Array {
  const unsettled: {key: number; atMs: number}[] = []
  for (const [key, risk] of keys) {
    if (!risk.isTouched && (risk.held === null || risk.held < newestOf(risk))) {
      unsettled.push({key, atMs: risk.writes.at(-1)!.atMs})
    }
  }
  return Uint32Array.from(
    unsettled.sort((a, b) => b.atMs - a.atMs),
    ({key}) => key,
  )
}
