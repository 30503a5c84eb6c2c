import {TimeoutSweep} from '../generator/timeout-sweep.js'
import type {ConnectionFailure, McperfConnection} from './connection.js'

/**
 * Ends connections that wait too long: to open, for the reply to their oldest
 * call, or, unlike in mcperf, for their socket to accept a write.
 * @returns the function that stops the watch
 */
export function watchTimeouts(options: {
  /** 0: no limit. */
  timeoutSeconds: number
  liveCount: () => number
  live: () => Iterable<McperfConnection>
  clock: () => number
}): () => void {
  const {timeoutSeconds, liveCount, live, clock} = options
  if (timeoutSeconds === 0) return () => {}
  const timeoutMs = timeoutSeconds * 1000
  const look = (nowMs: number): number => {
    let nextMs = Number.POSITIVE_INFINITY
    for (const connection of live()) {
      const dueMs = waitingSince(connection) + timeoutMs
      if (dueMs <= nowMs) connection.fail(timedOut)
      else nextMs = Math.min(nextMs, dueMs)
    }
    return nextMs
  }
  const sweep = new TimeoutSweep({shortestTimeoutMs: timeoutMs, connectionCount: liveCount, look, clock})
  sweep.start()
  return () => sweep.stop()
}

const timedOut: ConnectionFailure = {errorClass: 'client-timo', text: 'time-out'}

/** Since when a connection waits, on the clock; Infinity when it does not wait. */
function waitingSince({state, openedMs, pending, blockedMs}: McperfConnection): number {
  if (state === 'connecting') return openedMs
  if (pending.count > 0) return pending.first
  return blockedMs > 0 ? blockedMs : Number.POSITIVE_INFINITY
}
