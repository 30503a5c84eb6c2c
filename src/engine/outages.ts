/** A time in which a client was not served because its connection had failed; all on the loop's clock. */
export interface OutageTimes {
  /** Its last good reply before; −Infinity when it had none. */
  readonly fromMs: number
  /** When the connection failed. */
  readonly failedMs: number
  /** Its next good reply; null when none came. */
  readonly toMs: number | null
}

/** A server that fails again and again must not fill the memory: the first outage and the longest ones are kept. */
const KEPT_MAX = 32

function lengthOf({fromMs, toMs}: OutageTimes): number {
  return toMs! - fromMs
}

/** What one client felt of the failures of its connection. */
export class Outages {
  readonly #ended: OutageTimes[] = []
  #servedMs = Number.NEGATIVE_INFINITY
  #open: Omit<OutageTimes, 'toMs'> | null = null

  /** A good reply came. */
  served(nowMs: number): void {
    if (this.#open !== null) this.#end(nowMs)
    this.#servedMs = nowMs
  }

  /** The connection failed; that it fails again before a good reply belongs to the same outage. */
  failed(nowMs: number): void {
    this.#open ??= {fromMs: this.#servedMs, failedMs: nowMs}
  }

  /** Oldest first; the last may still go on. */
  list(): readonly OutageTimes[] {
    return this.#open === null ? this.#ended : [...this.#ended, {...this.#open, toMs: null}]
  }

  #end(nowMs: number): void {
    this.#ended.push({...this.#open!, toMs: nowMs})
    this.#open = null
    if (this.#ended.length <= KEPT_MAX) return
    const later = this.#ended.slice(1)
    const shortest = later.reduce((least, outage) => (lengthOf(outage) < lengthOf(least) ? outage : least))
    this.#ended.splice(this.#ended.indexOf(shortest), 1)
  }
}
