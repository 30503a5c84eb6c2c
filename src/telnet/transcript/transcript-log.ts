import type {TranscriptEntry, TranscriptKind} from './transcript.js'

/** The newest entries of a session, a bounded number. */
export class TranscriptLog {
  readonly #maxEntries: number
  readonly #now: () => number
  #entries: TranscriptEntry[] = []
  #snapshot: readonly TranscriptEntry[] | undefined
  #fresh: TranscriptEntry[] = []

  constructor({maxEntries, now}: {maxEntries: number; now: () => number}) {
    this.#maxEntries = maxEntries
    this.#now = now
  }

  /** Oldest first; a new array after every change. */
  entries(): readonly TranscriptEntry[] {
    this.#snapshot ??= this.#entries.slice(-this.#maxEntries)
    return this.#snapshot
  }

  add(kind: TranscriptKind, text: string): void {
    const entry = {kind, text, latencyUs: null, monotonicMs: this.#now(), atMs: Date.now()}
    this.#entries.push(entry)
    this.#fresh.push(entry)
    // Trimmed rarely: shifting a long array for each line is slow.
    if (this.#entries.length > 2 * this.#maxEntries) this.#entries = this.#entries.slice(-this.#maxEntries)
    this.#snapshot = undefined
  }

  /** Gives the newest entry the latency of the reply that it ends. */
  setLatency(latencyUs: number): void {
    for (const list of [this.#entries, this.#fresh]) {
      const last = list.pop()
      if (last !== undefined) list.push({...last, latencyUs})
    }
    this.#snapshot = undefined
  }

  /** The entries since the last call. */
  takeFresh(): readonly TranscriptEntry[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }
}
