/** Most deletes remembered of one outage; the oldest are forgotten. */
const REMEMBERED_MAX = 100_000

/** A key deleted while there was no link, and the cas unique of the deletion. */
export interface MissedDelete {
  readonly key: Buffer
  readonly casHigh: number
  readonly casLow: number
}

/** Keys that clients of a resilient node deleted during an outage, so that the peer's full sync does not bring them back. */
export class MissedDeletes {
  readonly #byKey = new Map<string, MissedDelete>()

  get size(): number {
    return this.#byKey.size
  }

  add(deleted: MissedDelete): void {
    const name = deleted.key.toString('latin1')
    this.#byKey.delete(name)
    this.#byKey.set(name, deleted)
    if (this.#byKey.size > REMEMBERED_MAX) this.#byKey.delete(this.#byKey.keys().next().value ?? '')
  }

  /** The key was stored again. */
  forget(key: Buffer): void {
    if (this.#byKey.size > 0) this.#byKey.delete(key.toString('latin1'))
  }

  /** Whether the key was deleted after this version of it was stored. */
  supersedes(key: Buffer, casHigh: number, casLow: number): boolean {
    if (this.#byKey.size === 0) return false
    const missed = this.#byKey.get(key.toString('latin1'))
    if (missed === undefined) return false
    return missed.casHigh > casHigh || (missed.casHigh === casHigh && missed.casLow > casLow)
  }

  /** Oldest first. */
  all(): Iterable<MissedDelete> {
    return this.#byKey.values()
  }

  /** The peer's full sync is complete: no old version can come any more. */
  clear(): void {
    this.#byKey.clear()
  }
}
