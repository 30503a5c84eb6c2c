import {TimeoutSweep} from '../generator/timeout-sweep.js'
import type {ConnectionFailure, McperfConnection} from './connection.js'

/**
 * Ends connections that wait too long: to be open, for the reply to their oldest
 * call, or, unlike mcperf, for their socket to take what it was given.
 * @returns the function that ends the watch
 */
export function watchTimeouts(options: {
  /** 0: nothing is ever too long. */
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

/** In ms of the clock; Infinity when it waits for nothing. */
function waitingSince({state, openedMs, pending, blockedMs}: McperfConnection): number {
  if (state === 'connecting') return openedMs
  if (pending.count > 0) return pending.first
  return blockedMs > 0 ? blockedMs : Number.POSITIVE_INFINITY
}
