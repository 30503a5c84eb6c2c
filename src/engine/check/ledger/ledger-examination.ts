import type {Address} from '../../../protocol/address.js'
import {largestSize} from '../../data/sizes.js'
import {makeFiller} from '../../data/value-format.js'
import type {RequestCount} from '../../measure/request-counts.js'
import type {LoadPlan} from '../../plan/plan.js'
import {AckTimes} from '../../verify/ack-times.js'
import {LostWrites} from '../../verify/lost-writes.js'
import type {VerifyAssignment} from '../../verify/verifier.js'
import {VersionLedger} from '../../verify/version-ledger.js'
import {type HeldColumns, heldKinds, LedgerReader, OURS} from './ledger-reader.js'
import {type Held, judgeKey, type KeyRecord, type WrongKey} from './ledger-verdict.js'

/** Keys read at a time from both nodes: bounds the memory that a check takes. */
const CHUNK_KEYS = 50_000
/** A node's clock ticks once a second, and starts rounded. */
const CLOCK_TOLERANCE_MS = 2000

export interface ExaminationOptions {
  readonly plan: LoadPlan
  /** What the load was run with. */
  readonly verify: VerifyAssignment
  /** One node, or both of a pair. */
  readonly nodes: readonly {readonly address: Address}[]
  readonly signal?: AbortSignal
  /** How long a node may take for one reply, in ms. @default 10_000 */
  readonly replyMs?: number | undefined
  /** Counts what is asked of the nodes. */
  readonly requests?: RequestCount
}

export interface ExamineOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: {checked: number; keys: number}) => void
}

/** Compares the keys of a load's ledger with what the nodes hold. */
export class LedgerExamination {
  readonly acks: AckTimes
  readonly #plan: LoadPlan
  readonly #originMs: number
  readonly #ledger: VersionLedger
  readonly #lost: LostWrites
  readonly #readers: readonly LedgerReader[]

  constructor(options: ExaminationOptions) {
    const {plan, verify, nodes, requests, signal, replyMs: timeoutMs} = options
    this.#plan = plan
    this.#originMs = verify.originMs - performance.timeOrigin
    this.#ledger = new VersionLedger(verify.ledger)
    this.#lost = new LostWrites(verify.lost)
    this.acks = new AckTimes(verify.acks)
    const format = {keyPrefix: plan.keyPrefix, runId: verify.runId, filler: makeFiller(largestSize(plan.sizes))}
    this.#readers = nodes.map(({address}) => new LedgerReader(address, {format, timeoutMs, signal, requests}))
  }

  writtenKeys(): Uint32Array {
    const count = this.#plan.keyCount ?? 0
    const keys = new Uint32Array(count)
    let written = 0
    for (let key = 1; key <= count; key++) if (this.#ledger.sent(key) > 0) keys[written++] = key
    return keys.subarray(0, written)
  }

  /** @throws AskError when a node does not answer */
  async examine(
    keys: Uint32Array,
    {signal, onProgress}: ExamineOptions,
  ): Promise<{wrong: WrongKey[]; expired: number}> {
    const wrong: WrongKey[] = []
    let expired = 0
    for (let at = 0; at < keys.length; at += CHUNK_KEYS) {
      signal?.throwIfAborted()
      const chunk = keys.subarray(at, at + CHUNK_KEYS)
      const askedMs = performance.now()
      const columns = await Promise.all(this.#readers.map(reader => reader.read(chunk)))
      const readMs = performance.now()
      for (let place = 0; place < chunk.length; place++) {
        const key = chunk[place]!
        if (this.#isPlainlyIntact(key, columns, place)) continue
        const held = columns.map(column => heldAt(column, place)) as [Held] | [Held, Held]
        const finding = judgeKey(this.record(key, {askedMs, readMs}), held)
        if (finding === 'expired') expired++
        else if (finding !== null) wrong.push({key, finding, held})
      }
      onProgress?.({checked: at + chunk.length, keys: keys.length})
    }
    return {wrong, expired}
  }

  acknowledged(key: number): number {
    return this.#ledger.acknowledged(key)
  }

  /** What the ledger says of a key. @param askedMs when the nodes were asked for it @param readMs when they had answered */
  record(key: number, {askedMs, readMs}: {askedMs: number; readMs: number}): KeyRecord {
    const ledger = this.#ledger
    return {
      acknowledged: ledger.acknowledged(key),
      sent: ledger.sent(key),
      mayBeAbsent: ledger.mayBeAbsent(key) || this.#lost.hasDelete(key),
      ...this.#expiryOf(key, {askedMs, readMs}),
      mayReturn: version => this.#lost.has(key, version),
    }
  }

  close(): void {
    for (const reader of this.#readers) reader.close()
  }

  /** Quick: nearly all keys are. */
  #isPlainlyIntact(key: number, columns: readonly HeldColumns[], place: number): boolean {
    if (this.#plan.ttlSeconds > 0 || this.#ledger.mayBeAbsent(key)) return false
    const version = this.#ledger.acknowledged(key)
    for (const {kinds, versions, flags} of columns) {
      if (kinds[place] !== OURS || versions[place] !== version) return false
      if (flags[place] !== columns[0]!.flags[place]) return false
    }
    return version > 0
  }

  /** The server counts from when it executed the call; its acknowledgement may be as late as the call's time-out. */
  #expiryOf(
    key: number,
    {askedMs, readMs}: {askedMs: number; readMs: number},
  ): Pick<KeyRecord, 'mayHaveExpired' | 'mustHaveExpired'> {
    const {ttlSeconds, timeoutMs, mix} = this.#plan
    const ackedMs = this.acks.lastMs(key)
    if (ttlSeconds === 0 || ackedMs === null) return {mayHaveExpired: false, mustHaveExpired: false}
    const endsMs = this.#originMs + ackedMs + ttlSeconds * 1000
    const isSettled = this.#ledger.sent(key) === this.#ledger.acknowledged(key)
    const touches = mix.some(({method}) => method === 'touch')
    return {
      mayHaveExpired: readMs >= endsMs - CLOCK_TOLERANCE_MS - timeoutMs,
      mustHaveExpired: isSettled && !touches && askedMs > endsMs + CLOCK_TOLERANCE_MS,
    }
  }
}

function heldAt({kinds, versions, flags}: HeldColumns, place: number): Held {
  return {kind: heldKinds[kinds[place]!]!, version: versions[place]!, flags: flags[place]!}
}
