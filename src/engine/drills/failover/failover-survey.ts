import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../../protocol/address.js'
import {heldKinds, type LedgerFormat, LedgerReader, OURS} from '../../check/ledger/ledger-reader.js'
import type {VersionLedger} from '../../verify/version-ledger.js'
import {type Failover, type Failovers, newestOf} from './failovers.js'

/**
 * Pauses before each round: writes on their way in one round have arrived in
 * the next, and connections come one after another.
 */
const ROUNDS_MS = [0, 50, 300]
/** So many keys cannot be on their way: they are lost, and read only twice. */
const MANY_KEYS = 5000
/** A server may log this late that it lost its peer. */
const LINK_NEWS_MS = 10
/** After so many intact keys, acknowledged over so long a time, a link that keeps order lost nothing before them. */
const INTACT_KEYS = 32
const INTACT_MS = 30
/** Keys read at a time, from the newest write back. */
const STEP_KEYS_MIN = 16
const STEP_KEYS_MAX = 1000
const TIMEOUT_MS = 2000
const ABSENT = heldKinds.indexOf('absent')

interface SurveySources {
  readonly failovers: Failovers
  readonly targets: readonly Address[]
  readonly format: LedgerFormat
  readonly ledger: VersionLedger
  /** Whether a server's link is down, by its log: nothing is on its way to it. */
  readonly isCutOff: (place: number) => boolean
}

/** Reads keys at risk from the new server, on connections of its own, before their owners write them. */
export class FailoverSurvey {
  /** Keys read. */
  reads = 0
  readonly #sources: SurveySources
  /** By failover, with the `additions` that have been read. */
  readonly #running = new Map<Failover, Promise<void>>()
  readonly #seenTo = new Map<Failover, number>()
  readonly #stop = new AbortController()

  constructor(sources: SurveySources) {
    this.#sources = sources
  }

  /** Starts a survey of failovers that are new or have grown. @param isWanted whether the new server may hold less */
  look(isWanted: (failover: Failover) => boolean): void {
    for (const failover of this.#sources.failovers.all) {
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
    const {isCutOff, failovers} = this.#sources
    for (let waited = 0; waited < LINK_NEWS_MS && !isCutOff(failover.to); waited += 2)
      await delay(2, undefined, {signal})
    let {additions} = failover
    for (let round = 0; round < ROUNDS_MS.length; round++) {
      await delay(ROUNDS_MS[round], undefined, {signal})
      // New keys get all rounds.
      if (failover.additions !== additions) round = 0
      additions = failover.additions
      this.#seenTo.set(failover, additions)
      const isLast = isCutOff(failover.to)
      const keys = unsettledKeys(failover)
      if (keys.length > MANY_KEYS && round > 0 && round < ROUNDS_MS.length - 1) continue
      await this.#askInOrder(failover, keys)
      if (failover.additions === additions && (isLast || unsettledKeys(failover).length === 0)) break
    }
    // Not every key was read from a node that was away meanwhile.
    if ([...failover.keys.values()].every(({held, isTouched}) => held !== null || isTouched)) failovers.settle(failover)
  }

  /** Reads keys until losses end. @param keys newest write first */
  async #askInOrder(failover: Failover, keys: Uint32Array): Promise<void> {
    if (keys.length === 0) return
    const {failovers, targets, format} = this.#sources
    const reader = new LedgerReader(targets[failover.to]!, {format, timeoutMs: TIMEOUT_MS, signal: this.#stop.signal})
    const {additions} = failover
    /** Intact keys in a row. */
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
      // The node is away again: what it held stays unknown.
    } finally {
      reader.close()
    }
  }

  async #ask(failover: Failover, {reader, keys}: {reader: LedgerReader; keys: Uint32Array}): Promise<void> {
    const {failovers, ledger} = this.#sources
    this.reads += keys.length
    const {kinds, versions} = await reader.read(keys)
    failovers.collect()
    for (const [place, key] of keys.entries()) {
      const kind = kinds[place]!
      // It may have been deleted meanwhile.
      if (kind === ABSENT && ledger.sent(key) !== newestOf(failover.keys.get(key)!)) continue
      const state = kind === ABSENT ? 'absent' : kind === OURS ? 'ours' : 'other'
      failovers.found(failover, key, {state, version: versions[place]!})
    }
  }
}

/** Keys whose newest write was not found, the last acknowledged first. */
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
