import type {Connection} from '../loop/connection.js'

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
export function outagesOf(connections: readonly Connection[], startMs: number): Outage[] {
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
