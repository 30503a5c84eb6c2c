const TICKS_PER_MS = 10
/** How many entries may wait for their reader; a power of two. */
const ENTRIES = 2 ** 15
const WORDS_PER_ENTRY = 8
const SERVERS_MAX = 8

/** Words of the head. */
const COUNT = 0
const WITNESS_READS = 1
const WIDENED = 2
const SETTLED = 3
const SETTLED_ACKS = 4
const CROSSED = 5
const STARTED = CROSSED + SERVERS_MAX * SERVERS_MAX
const HEAD_WORDS = STARTED + SERVERS_MAX
const ALWAYS = 0xffff_ffff

/** What a server was found to hold under a key; `unanswered`: it was asked and did not answer. */
const heldStates = ['absent', 'ours', 'other', 'unanswered'] as const
export type HeldState = (typeof heldStates)[number]

const entryKinds = ['switch', 'touch', 'read'] as const

/** Times are ms on the clock of the acknowledgements; servers are places in the list of targets. */
export type FailoverEntry =
  /** A connection is served again after a failure, or by another server. */
  | {
      readonly kind: 'switch'
      readonly connection: number
      readonly from: number
      readonly to: number
      /** Keys whose last write was acknowledged from then on are read before they are written again. */
      readonly riskFromMs: number
      readonly atMs: number
    }
  /** What the owner of a key found before its first write of the key since the switch. */
  | {
      readonly kind: 'touch'
      readonly key: number
      readonly state: HeldState
      readonly version: number
      readonly connection: number
      readonly atMs: number
    }
  /** A read of the load found less than was acknowledged. */
  | {
      readonly kind: 'read'
      readonly key: number
      readonly state: HeldState
      readonly version: number
      readonly server: number
      readonly expected: number
      readonly atMs: number
    }

/**
 * Log of failovers in memory shared by all threads. Load threads write which
 * connections changed servers and what they found there; the drill reads it.
 * The drill writes back up to when writes are known to have crossed.
 */
export class FailoverLog {
  readonly #head: Uint32Array<SharedArrayBuffer>
  readonly #entries: Uint32Array<SharedArrayBuffer>
  #read = 0
  /** Some entries were overwritten before they were read. */
  hasForgotten = false

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer((HEAD_WORDS + ENTRIES * WORDS_PER_ENTRY) * Uint32Array.BYTES_PER_ELEMENT)
  }

  constructor(memory: SharedArrayBuffer) {
    this.#head = new Uint32Array(memory, 0, HEAD_WORDS)
    this.#entries = new Uint32Array(memory, HEAD_WORDS * Uint32Array.BYTES_PER_ELEMENT)
  }

  switched(entry: Omit<Extract<FailoverEntry, {kind: 'switch'}>, 'kind'>): void {
    const {connection, from, to, riskFromMs, atMs} = entry
    this.#append(0, connection, from, to, toTicks(riskFromMs), 0, toTicks(atMs))
  }

  touched(entry: Omit<Extract<FailoverEntry, {kind: 'touch'}>, 'kind'>): void {
    const {key, state, version, connection, atMs} = entry
    this.#append(1, key, heldStates.indexOf(state), version, connection, 0, toTicks(atMs))
  }

  readBehind(entry: Omit<Extract<FailoverEntry, {kind: 'read'}>, 'kind'>): void {
    const {key, state, version, server, expected, atMs} = entry
    this.#append(2, key, heldStates.indexOf(state), version, server, expected, toTicks(atMs))
  }

  /** A witness read is sent. */
  countWitnessRead(): void {
    Atomics.add(this.#head, WITNESS_READS, 1)
  }

  get witnessReads(): number {
    return Atomics.load(this.#head, WITNESS_READS)
  }

  /** Writes that one server acknowledged before that time are on the other; 0 = none known. */
  setCrossed({from, to, atMs}: {from: number; to: number; atMs: number}): void {
    Atomics.store(this.#head, CROSSED + from * SERVERS_MAX + to, toTicks(atMs))
  }

  crossedMs(from: number, to: number): number {
    return Atomics.load(this.#head, CROSSED + from * SERVERS_MAX + to) / TICKS_PER_MS
  }

  /** More was lost than was thought to be at risk: connections that switched before that time read every key first. */
  widen(atMs: number): void {
    Atomics.store(this.#head, WIDENED, toTicks(atMs))
  }

  get widenedMs(): number {
    return Atomics.load(this.#head, WIDENED) / TICKS_PER_MS
  }

  /** A server was restarted at that time. */
  setStarted(server: number, atMs: number): void {
    Atomics.store(this.#head, STARTED + server, toTicks(atMs))
  }

  /** 0: not restarted. */
  startedMs(server: number): number {
    return Atomics.load(this.#head, STARTED + server) / TICKS_PER_MS
  }

  /**
   * Keys at risk of connections that switched before that time have been read: their owners need not read them.
   * @param acknowledgedBeforeMs only keys last written before it; else all
   */
  settle(atMs: number, acknowledgedBeforeMs?: number): void {
    if (toTicks(atMs) < Atomics.load(this.#head, SETTLED)) return
    const acks = acknowledgedBeforeMs === undefined ? ALWAYS : toTicks(acknowledgedBeforeMs)
    Atomics.store(this.#head, SETTLED_ACKS, acks)
    Atomics.store(this.#head, SETTLED, toTicks(atMs))
  }

  /** Keys last written from then on are still at risk, of switches before settledMs too. */
  get settledAcksMs(): number {
    return Atomics.load(this.#head, SETTLED_ACKS) / TICKS_PER_MS
  }

  get settledMs(): number {
    return Atomics.load(this.#head, SETTLED) / TICKS_PER_MS
  }

  /** Takes the entries since the last call, oldest first; for one reader. */
  *take(): Generator<FailoverEntry> {
    for (;;) {
      const at = (this.#read & (ENTRIES - 1)) * WORDS_PER_ENTRY
      const number = Atomics.load(this.#entries, at)
      if (number <= this.#read) return
      if (number > this.#read + 1) {
        // The place has been overwritten; later entries may still be there.
        this.hasForgotten = true
        this.#read = number - ENTRIES
        continue
      }
      const entry = this.#entryAt(at)
      this.#read++
      yield entry
    }
  }

  #entryAt(at: number): FailoverEntry {
    const [, kind, a, b, c, d, e, ticks] = this.#entries.subarray(at, at + WORDS_PER_ENTRY) as unknown as number[]
    const atMs = ticks! / TICKS_PER_MS
    switch (entryKinds[kind!]!) {
      case 'switch':
        return {
          kind: 'switch',
          connection: a!,
          from: b!,
          to: c!,
          riskFromMs: d! / TICKS_PER_MS,
          atMs,
        }
      case 'touch':
        return {
          kind: 'touch',
          key: a!,
          state: heldStates[b!]!,
          version: c!,
          connection: d!,
          atMs,
        }
      case 'read':
        return {kind: 'read', key: a!, state: heldStates[b!]!, version: c!, server: d!, expected: e!, atMs}
    }
  }

  #append(kind: number, a: number, b: number, c: number, d: number, e: number, ticks: number): void {
    const number = Atomics.add(this.#head, COUNT, 1)
    const at = (number & (ENTRIES - 1)) * WORDS_PER_ENTRY
    this.#entries[at + 1] = kind
    this.#entries[at + 2] = a
    this.#entries[at + 3] = b
    this.#entries[at + 4] = c
    this.#entries[at + 5] = d
    this.#entries[at + 6] = e
    this.#entries[at + 7] = ticks
    // Last: it says that the entry is whole.
    Atomics.store(this.#entries, at, number + 1)
  }
}

function toTicks(ms: number): number {
  return Math.max(0, Math.round(ms * TICKS_PER_MS))
}
