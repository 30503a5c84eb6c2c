/** A time in which a client was not served because its connection failed or a call waited long; times on the loop's clock. */
export interface OutageTimes {
  /** Its last good reply before; −Infinity when it had none. */
  readonly fromMs: number
  /** When the connection failed; if it did not fail, when the waiting call was sent. */
  readonly failedMs: number
  /** How it failed; null: it did not fail, and a call waited. */
  readonly failure: string | null
  /** When the last attempt to connect began; null when there was none. */
  readonly attemptMs: number | null
  /** Its next good reply; null when none came. */
  readonly toMs: number | null
}

/** Most outages kept, the first and the longest, so that a server that keeps failing does not fill the memory. */
const KEPT_MAX = 32
/** A call that waits longer for its reply is an outage, even if the connection does not fail. */
const HELD_MS = 500

function lengthOf({fromMs, toMs}: OutageTimes): number {
  return toMs! - fromMs
}

/** Outages of one client. */
export class Outages {
  readonly #ended: OutageTimes[] = []
  #servedMs = Number.NEGATIVE_INFINITY
  #open: Omit<OutageTimes, 'toMs' | 'attemptMs'> | null = null
  #attemptMs: number | null = null

  /** A good reply came. @param sentMs when its call was sent */
  served(nowMs: number, sentMs: number): void {
    if (this.#open !== null) this.#end(nowMs)
    // For calls that waited together the first reply ends the outage.
    else if (nowMs - sentMs >= HELD_MS && sentMs >= this.#servedMs) {
      this.#open = {fromMs: this.#servedMs, failedMs: sentMs, failure: null}
      this.#end(nowMs)
    }
    this.#servedMs = nowMs
  }

  /** The connection failed; further failures before a good reply belong to the same outage. */
  failed(nowMs: number, failure: string): void {
    if (this.#open !== null) return
    this.#open = {fromMs: this.#servedMs, failedMs: nowMs, failure}
    this.#attemptMs = null
  }

  /** An attempt to connect begins. */
  attempted(nowMs: number): void {
    this.#attemptMs = nowMs
  }

  /** The connection is closed while a call waits. @param sentMs when the oldest was sent */
  leftWaiting(nowMs: number, sentMs: number): void {
    if (this.#open !== null || nowMs - sentMs < HELD_MS) return
    this.#open = {fromMs: this.#servedMs, failedMs: sentMs, failure: null}
    this.#attemptMs = null
  }

  /** All outages, oldest first; the last may not be over. */
  list(): readonly OutageTimes[] {
    return this.#open === null ? this.#ended : [...this.#ended, {...this.#open, attemptMs: this.#attemptMs, toMs: null}]
  }

  #end(nowMs: number): void {
    const {failure} = this.#open!
    this.#ended.push({...this.#open!, attemptMs: failure === null ? null : this.#attemptMs, toMs: nowMs})
    this.#open = null
    if (this.#ended.length <= KEPT_MAX) return
    const later = this.#ended.slice(1)
    const shortest = later.reduce((least, outage) => (lengthOf(outage) < lengthOf(least) ? outage : least))
    this.#ended.splice(this.#ended.indexOf(shortest), 1)
  }
}

/** A time in which a client was not served; times in seconds from the start of the load. */
export interface Outage {
  readonly connection: number
  /** Its last good reply before; null when it had none. */
  readonly from: number | null
  /** When the connection failed; if it did not fail, when the waiting call was sent. */
  readonly failed: number
  /** How it failed; null: it did not fail, and a call waited. */
  readonly failure: string | null
  /** When the last attempt to connect began; null when there was none. */
  readonly attempt: number | null
  /** Its next good reply; null when none came. */
  readonly to: number | null
}

/**
 * The outages of all clients.
 * @param startMs start of the load, on the clock of the connections; Infinity if it never started: then there are none
 */
export function outagesOf(
  connections: readonly {readonly index: number; readonly outages: Outages}[],
  startMs: number,
): Outage[] {
  if (!Number.isFinite(startMs)) return []
  const sinceStart = (ms: number): number => (ms - startMs) / 1000
  return connections.flatMap(({index, outages}) =>
    outages.list().map(({fromMs, failedMs, failure, attemptMs, toMs}) => ({
      connection: index,
      from: Number.isFinite(fromMs) ? sinceStart(fromMs) : null,
      failed: sinceStart(failedMs),
      failure,
      attempt: attemptMs === null ? null : sinceStart(attemptMs),
      to: toMs === null ? null : sinceStart(toMs),
    })),
  )
}
