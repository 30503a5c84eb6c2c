import {setTimeout as delay} from 'node:timers/promises'

interface TickOptions {
  readonly intervalMs: number
  readonly signal: AbortSignal
  /** Awaited: a tick whose time comes meanwhile is left out. */
  readonly onTick: () => Promise<void>
}

/** Calls back once an interval, by a schedule that does not drift, until `signal` is aborted. */
export async function tick({intervalMs, signal, onTick}: TickOptions): Promise<void> {
  let dueMs = performance.now()
  while (!signal.aborted) {
    const missed = Math.max(0, Math.floor((performance.now() - dueMs) / intervalMs))
    dueMs += (1 + missed) * intervalMs
    try {
      await delay(dueMs - performance.now(), undefined, {signal})
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    await onTick()
  }
}
