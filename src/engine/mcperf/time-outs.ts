import type {ConnectionFailure, McperfConnection} from './connection.js'

const SWEEPS_PER_TIMEOUT = 20
const SWEEP_MIN_MS = 2
const SWEEP_MAX_MS = 50
/** A sweep that comes so late says that this process stood still, not only that it is busy. */
const STANDSTILL_MS = 200
/** More late sweeps in a row are no standstill: what floods this process with bytes would keep it from ever looking. */
const HELD_UP_SWEEPS = 3

/**
 * Ends connections that wait too long: to be open, for the reply to their oldest
 * call, or, unlike mcperf, for their socket to take what it was given.
 * @returns the function that ends the watch
 */
export function watchTimeouts({
  timeoutSeconds,
  live,
  clock,
}: {
  /** 0: nothing is ever too long. */
  timeoutSeconds: number
  live: () => Iterable<McperfConnection>
  clock: () => number
}): () => void {
  if (timeoutSeconds === 0) return () => {}
  const timeoutMs = timeoutSeconds * 1000
  const sweepMs = Math.min(SWEEP_MAX_MS, Math.max(SWEEP_MIN_MS, timeoutMs / SWEEPS_PER_TIMEOUT))
  let sweptMs = clock()
  let heldUpSweeps = 0
  const sweep = () => {
    const nowMs = clock()
    // After a standstill of our own the replies may lie unread in the sockets: they come first.
    heldUpSweeps = nowMs - sweptMs > sweepMs + STANDSTILL_MS ? heldUpSweeps + 1 : 0
    sweptMs = nowMs
    if (heldUpSweeps > 0 && heldUpSweeps <= HELD_UP_SWEEPS) return
    for (const connection of live()) {
      if (waitingSince(connection) + timeoutMs <= nowMs) connection.fail(timedOut)
    }
  }
  const timer = setInterval(sweep, sweepMs)
  return () => clearInterval(timer)
}

const timedOut: ConnectionFailure = {errorClass: 'client-timo', text: 'time-out'}

/** In ms of the clock; Infinity when it waits for nothing. */
function waitingSince({state, openedMs, pending, blockedMs}: McperfConnection): number {
  if (state === 'connecting') return openedMs
  if (pending.length > 0) return pending.first
  return blockedMs > 0 ? blockedMs : Number.POSITIVE_INFINITY
}
