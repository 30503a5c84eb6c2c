import type {ConnectionFailure} from './connection.js'
import {McperfCounters} from './counters.js'
import {McperfLoop} from './loop.js'
import type {McperfPlan} from './plan.js'
import {watchTimeouts} from './time-outs.js'

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
