/** A time in which a client was not served because its connection failed or a call waited long; all on the loop's clock. */
export interface OutageTimes {
  /** Its last good reply before; −Infinity when it had none. */
  readonly fromMs: number
  /** When the connection failed; where it held, when the call was sent that waited. */
  readonly failedMs: number
  /** How it failed; null: it held, and a call waited. */
  readonly failure: string | null
  /** When the last attempt to connect began; null when there was none. */
  readonly attemptMs: number | null
  /** Its next good reply; null when none came. */
  readonly toMs: number | null
}

/** A server that fails again and again must not fill the memory: the first outage and the longest ones are kept. */
const KEPT_MAX = 32
/** A call that waits longer for its reply is an outage, though the connection holds. */
const HELD_MS = 500

function lengthOf({fromMs, toMs}: OutageTimes): number {
  return toMs! - fromMs
}

/** What one client felt of the failures of its connection. */
export class Outages {
  readonly #ended: OutageTimes[] = []
  #servedMs = Number.NEGATIVE_INFINITY
  #open: Omit<OutageTimes, 'toMs' | 'attemptMs'> | null = null
  #attemptMs: number | null = null

  /** A good reply came. @param sentMs when its call was sent */
  served(nowMs: number, sentMs: number): void {
    if (this.#open !== null) this.#end(nowMs)
    // Of calls that waited together the first reply ended the wait.
    else if (nowMs - sentMs >= HELD_MS && sentMs >= this.#servedMs) {
      this.#open = {fromMs: this.#servedMs, failedMs: sentMs, failure: null}
      this.#end(nowMs)
    }
    this.#servedMs = nowMs
  }

  /** The connection failed; that it fails again before a good reply belongs to the same outage. */
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

  /** Oldest first; the last may still go on. */
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

/** A time in which a client was not served; all in seconds from the start of the load. */
export interface Outage {
  readonly connection: number
  /** Its last good reply before; null when it had none. */
  readonly from: number | null
  /** When the connection failed; where it held, when the call was sent that waited. */
  readonly failed: number
  /** How it failed; null: it held, and a call waited. */
  readonly failure: string | null
  /** When the last attempt to connect began; null when there was none. */
  readonly attempt: number | null
  /** Its next good reply; null when none came. */
  readonly to: number | null
}

/**
 * What the clients felt of connections that failed and of calls that waited.
 * @param startMs of the load, by the clock of the connections; Infinity where it never began: nobody missed anything then
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
