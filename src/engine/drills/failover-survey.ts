import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../protocol/address.js'
import {heldKinds, type LedgerFormat, LedgerReader, OURS} from '../checks/ledger-reader.js'
import type {VersionLedger} from '../verify/version-ledger.js'
import {type Failover, type Failovers, newestOf} from './failovers.js'

/**
 * After that long each, from the round before: what was on its way at first is
 * there later, and connections come one after the other.
 */
const ROUNDS_MS = [0, 50, 300]
/** So many are not on their way: they are gone, and asked for twice only. */
const MANY_KEYS = 5000
const TIMEOUT_MS = 2000
const ABSENT = heldKinds.indexOf('absent')

/** Asks the server that clients came to, on a connection of its own, for every key at risk that its owner has not written yet. */
export class FailoverSurvey {
  /** Keys asked for. */
  reads = 0
  readonly #parts: {
    readonly failovers: Failovers
    readonly targets: readonly Address[]
    readonly format: LedgerFormat
    readonly ledger: VersionLedger
  }
  readonly #running = new Map<Failover, Promise<void>>()
  readonly #stop = new AbortController()

  constructor(parts: {failovers: Failovers; targets: readonly Address[]; format: LedgerFormat; ledger: VersionLedger}) {
    this.#parts = parts
  }

  /** Begins for failovers that are new. @param isWanted whether the server may hold less than what was there before */
  look(isWanted: (failover: Failover) => boolean): void {
    for (const failover of this.#parts.failovers.all) {
      if (!this.#running.has(failover) && isWanted(failover))
        this.#running.set(
          failover,
          this.#survey(failover).catch(() => {}),
        )
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#running.values())
  }

  async #survey(failover: Failover): Promise<void> {
    let additions = failover.additions
    for (let round = 0; round < ROUNDS_MS.length; round++) {
      await delay(ROUNDS_MS[round], undefined, {signal: this.#stop.signal})
      // Those that came since have a right to all rounds.
      if (failover.additions !== additions) round = 0
      additions = failover.additions
      const keys = unsettledKeys(failover)
      if (keys.length > MANY_KEYS && round > 0 && round < ROUNDS_MS.length - 1) continue
      if (keys.length > 0) await this.#ask(failover, keys)
    }
    // A node that was gone meanwhile has not been asked for all.
    if ([...failover.keys.values()].every(({held, isTouched}) => held !== null || isTouched)) {
      this.#parts.failovers.settle(failover)
    }
  }

  async #ask(failover: Failover, keys: Uint32Array): Promise<void> {
    const {failovers, targets, format, ledger} = this.#parts
    const reader = new LedgerReader(targets[failover.to]!, {format, timeoutMs: TIMEOUT_MS, signal: this.#stop.signal})
    this.reads += keys.length
    try {
      const {kinds, versions} = await reader.read(keys)
      failovers.collect()
      for (const [place, key] of keys.entries()) {
        const kind = kinds[place]!
        // It may have been deleted there meanwhile.
        if (kind === ABSENT && ledger.sent(key) !== newestOf(failover.keys.get(key)!)) continue
        const state = kind === ABSENT ? 'absent' : kind === OURS ? 'ours' : 'other'
        failovers.found(failover, key, {state, version: versions[place]!})
      }
    } catch {
      // The node is gone again: what it held stays unknown.
    } finally {
      reader.close()
    }
  }
}

function unsettledKeys({keys}: Failover): Uint32Array {
  const unsettled: number[] = []
  for (const [key, risk] of keys) {
    if (!risk.isTouched && (risk.held === null || risk.held < newestOf(risk))) unsettled.push(key)
  }
  return Uint32Array.from(unsettled)
}
