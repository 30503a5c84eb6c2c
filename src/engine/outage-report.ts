import type {Connection} from './connection.js'

/** A time in which a client was not served; all in seconds from the start of the load. */
export interface Outage {
  readonly connection: number
  /** Its last good reply before; null when it had none. */
  readonly from: number | null
  /** When the connection failed. */
  readonly failed: number
  /** Its next good reply; null when none came. */
  readonly to: number | null
}

/** What the clients of connections that failed felt of it. @param startMs of the load, by the clock of the connections */
export function outagesOf(connections: readonly Connection[], startMs: number): Outage[] {
  const sinceStart = (ms: number): number => (ms - startMs) / 1000
  return connections.flatMap(({index, outages}) =>
    outages.list().map(({fromMs, failedMs, toMs}) => ({
      connection: index,
      from: Number.isFinite(fromMs) ? sinceStart(fromMs) : null,
      failed: sinceStart(failedMs),
      to: toMs === null ? null : sinceStart(toMs),
    })),
  )
}
