import {monitorEventLoopDelay, performance} from 'node:perf_hooks'
import type {LoadDelta} from './recorder.js'

/** Report of one load thread on the current phase. */
export interface ThreadReport {
  readonly delta: LoadDelta
  /** CPU time of this thread since the start of the phase. */
  readonly cpuSeconds: number
  /** How late the event loop was to a timer, since the start of the phase. */
  readonly eventLoopDelayUs: {readonly p99: number | null; readonly max: number | null}
}

/** The monitor counts its own timer's interval as delay. */
const RESOLUTION_MS = 10

/** CPU time and event loop delay of the current thread. */
export class ThreadHealth {
  readonly #delay = monitorEventLoopDelay({resolution: RESOLUTION_MS})
  #cpuAtStart = 0

  /** Starts over. */
  start(): void {
    this.#delay.enable()
    this.#delay.reset()
    this.#cpuAtStart = cpuSeconds()
  }

  read(): Omit<ThreadReport, 'delta'> {
    return {
      cpuSeconds: cpuSeconds() - this.#cpuAtStart,
      eventLoopDelayUs:
        this.#delay.count === 0
          ? {p99: null, max: null}
          : {p99: delayUs(this.#delay.percentile(99)), max: delayUs(this.#delay.max)},
    }
  }

  stop(): void {
    this.#delay.disable()
  }
}

function delayUs(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1000 - RESOLUTION_MS * 1000))
}

/** CPU seconds of this thread; before Node 23.9 the busy time of its event loop, which is similar. */
function cpuSeconds(): number {
  if (process.threadCpuUsage === undefined) return performance.eventLoopUtilization().active / 1000
  const {user, system} = process.threadCpuUsage()
  return (user + system) / 1e6
}
