import {TimeoutSweep} from '../generator/timeout-sweep.js'
import type {ConnectionFailure, McperfConnection} from './connection.js'
import {McperfCounters} from './counters.js'
import {McperfLoop} from './loop.js'
import type {McperfPlan} from './plan.js'

/** Result of an mcperf run. */
export interface McperfResult {
  readonly counters: McperfCounters
  readonly durationSeconds: number
  readonly cpu: {readonly userSeconds: number; readonly systemSeconds: number}
  /** Ended early by the operator. */
  readonly interrupted: boolean
}

export interface McperfRunOptions {
  readonly plan: McperfPlan
  /** Aborting ends the run; its result is what was measured so far. */
  readonly signal: AbortSignal
  readonly onFailure?: (failure: ConnectionFailure) => void
}

/** Runs a load as mcperf does, on the current event loop, which should run nothing else. */
export async function runMcperf({plan, signal, onFailure = () => {}}: McperfRunOptions): Promise<McperfResult> {
  const counters = new McperfCounters()
  const clock = () => performance.now()
  const {promise: finished, resolve: onFinished} = Promise.withResolvers<void>()
  const cpuAtStart = process.cpuUsage()
  const startMs = clock()
  const loop = new McperfLoop({plan, counters, clock, onFailure, onFinished})
  const endWatch = watchTimeouts({
    timeoutSeconds: plan.timeoutSeconds,
    liveCount: () => loop.liveCount,
    live: () => loop.live(),
    clock,
  })
  const stop = () => loop.stop()
  signal.addEventListener('abort', stop, {once: true})
  try {
    loop.start()
    if (signal.aborted) stop()
    await finished
  } finally {
    signal.removeEventListener('abort', stop)
    endWatch()
  }
  const {user, system} = process.cpuUsage(cpuAtStart)
  return {
    counters,
    durationSeconds: (clock() - startMs) / 1000,
    cpu: {userSeconds: user / 1e6, systemSeconds: system / 1e6},
    interrupted: signal.aborted,
  }
}

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
