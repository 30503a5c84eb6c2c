import type {LoadPlan} from './plan.js'

/** When the calls of one connection are to start. */
export interface ConnectionSchedule {
  /** When the connection is to be opened, in ms from the start of the load; 0 when all are open before it. */
  readonly openAtMs: number
  /** First call, in ms after the connection's own start. */
  readonly firstCallMs: number
  /** From one call to the next; 0 in a closed loop. */
  readonly intervalMs: number
  /** Infinity in a closed loop of fixed duration. */
  readonly calls: number
}

/**
 * The absolute, deterministic schedule of connection number `index`.
 *
 * Opened before the start, the connections take turns: call g of the whole
 * load is due g / rate after the start, on connection g mod connections.
 * Opened at a rate, as mcperf does it, each begins when it is open.
 */
export function scheduleOf(plan: LoadPlan, index: number): ConnectionSchedule {
  const openAtMs = plan.connectionsPerSecond === 0 ? 0 : (index * 1000) / plan.connectionsPerSecond
  if (plan.ratePerSecond === 0) {
    return {openAtMs, firstCallMs: 0, intervalMs: 0, calls: plan.callsPerConnection ?? Number.POSITIVE_INFINITY}
  }
  const intervalMs = (plan.connections * 1000) / plan.ratePerSecond
  const firstCallMs = plan.connectionsPerSecond === 0 ? (index * 1000) / plan.ratePerSecond : 0
  return {
    openAtMs,
    firstCallMs,
    intervalMs,
    calls: plan.callsPerConnection ?? callsWithin(plan.durationSeconds! * 1000 - openAtMs - firstCallMs, intervalMs),
  }
}

/** Calls due at 0, interval, 2 × interval … before `spanMs`; the tolerance keeps 3000 ms at 0.5 ms from giving 6001. */
function callsWithin(spanMs: number, intervalMs: number): number {
  return Math.max(0, Math.ceil(spanMs / intervalMs - 1e-6))
}
