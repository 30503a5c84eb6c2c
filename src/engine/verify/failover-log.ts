const TICKS_PER_MS = 10
/** A power of two: so many entries may wait for their reader. */
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

/** What a server was found to hold under a key; `unanswered`: it was asked, and did not say. */
const heldStates = ['absent', 'ours', 'other', 'unanswered'] as const
export type HeldState = (typeof heldStates)[number]

const entryKinds = ['switch', 'touch', 'read'] as const

/** Times are ms on the clock of the acknowledgements; servers are places in the list of targets. */
export type FailoverEntry =
  /** A connection is open again, after a failure or at another server. */
  | {
      readonly kind: 'switch'
      readonly connection: number
      readonly from: number
      readonly to: number
      /** Keys whose last write was acknowledged from then on are asked for before they are written again. */
      readonly riskFromMs: number
      readonly atMs: number
    }
  /** What a key's owner found just before it wrote the key for the first time since its switch. */
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
 * What load threads tell the drill of connections that changed servers and of
 * what they found there: memory that all threads share, with one reader. In
 * the other direction, up to when writes are known to have crossed.
 */
export class FailoverLog {
  readonly #head: Uint32Array<SharedArrayBuffer>
  readonly #entries: Uint32Array<SharedArrayBuffer>
  #read = 0
  /** Entries were overwritten before they were read. */
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

  /** A read is sent that asks what is there before a write. */
  countWitnessRead(): void {
    Atomics.add(this.#head, WITNESS_READS, 1)
  }

  get witnessReads(): number {
    return Atomics.load(this.#head, WITNESS_READS)
  }

  /** Writes that one server acknowledged before that time are on the other; 0 = nobody knows of any. */
  setCrossed({from, to, atMs}: {from: number; to: number; atMs: number}): void {
    Atomics.store(this.#head, CROSSED + from * SERVERS_MAX + to, toTicks(atMs))
  }

  crossedMs(from: number, to: number): number {
    return Atomics.load(this.#head, CROSSED + from * SERVERS_MAX + to) / TICKS_PER_MS
  }

  /** More was lost than was thought to be at risk: whoever switched before that time asks for every key. */
  widen(atMs: number): void {
    Atomics.store(this.#head, WIDENED, toTicks(atMs))
  }

  get widenedMs(): number {
    return Atomics.load(this.#head, WIDENED) / TICKS_PER_MS
  }

  /** A server is a new process since then. */
  setStarted(server: number, atMs: number): void {
    Atomics.store(this.#head, STARTED + server, toTicks(atMs))
  }

  /** 0: it was there before. */
  startedMs(server: number): number {
    return Atomics.load(this.#head, STARTED + server) / TICKS_PER_MS
  }

  /**
   * What was at risk when connections switched before that time has been asked for: their owners need not ask any more.
   * @param acknowledgedBeforeMs only of keys that were last written before; else of all
   */
  settle(atMs: number, acknowledgedBeforeMs?: number): void {
    if (toTicks(atMs) < Atomics.load(this.#head, SETTLED)) return
    const acks = acknowledgedBeforeMs === undefined ? ALWAYS : toTicks(acknowledgedBeforeMs)
    Atomics.store(this.#head, SETTLED_ACKS, acks)
    Atomics.store(this.#head, SETTLED, toTicks(atMs))
  }

  /** Of the switches before settledMs, keys that were last written from then on are still at risk. */
  get settledAcksMs(): number {
    return Atomics.load(this.#head, SETTLED_ACKS) / TICKS_PER_MS
  }

  get settledMs(): number {
    return Atomics.load(this.#head, SETTLED) / TICKS_PER_MS
  }

  /** What was noted since the last call, oldest first; for one reader. */
  *take(): Generator<FailoverEntry> {
    for (;;) {
      const at = (this.#read & (ENTRIES - 1)) * WORDS_PER_ENTRY
      const number = Atomics.load(this.#entries, at)
      if (number <= this.#read) return
      if (number > this.#read + 1) {
        // Its place was that of an older one; what came after that may still be there.
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
