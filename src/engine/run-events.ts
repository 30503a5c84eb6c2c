import type {Address} from '../protocol/address.js'

/** Counts of operations. intended = sent + unsent; sent = ok + miss + errors + timedOut + lostWithConnection. */
export interface OperationCounts {
  readonly intended: number
  readonly sent: number
  readonly unsent: number
  /** Answered as the method wants, hits among them. */
  readonly ok: number
  readonly hit: number
  readonly miss: number
  /** Server's answer or connection failure → count. */
  readonly errors: Readonly<Record<string, number>>
  readonly timedOut: number
  readonly lostWithConnection: number
}

/** Latency in µs; every field null when nothing was recorded. */
export interface LatencySummary {
  readonly count: number
  readonly min: number | null
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly p9999: number | null
  readonly max: number | null
  readonly stddev: number | null
}

/** What comes before the measurement has names of its own. */
export type RunPhase = 'connecting' | 'prefill' | 'warmup' | 'running' | 'draining' | 'done'

/** Sent five times a second while a run is under way. */
export interface RunSnapshot {
  readonly phase: RunPhase
  readonly elapsedSeconds: number
  /** Planned length in seconds, where the plan knows one. */
  readonly plannedSeconds: number | null
  /** 0 to 1 of the planned work. */
  readonly progress: number
  readonly target: Address
  readonly operations: OperationCounts
  /** Connections open now. */
  readonly connections: number
  /** Of the last interval only. */
  readonly interval: {
    readonly seconds: number
    readonly opsPerSecond: number
    readonly errors: number
    readonly response: LatencySummary
  }
  /** Since the start. */
  readonly response: LatencySummary
  readonly service: LatencySummary
  readonly slipUs: {readonly p50: number | null; readonly p99: number | null; readonly max: number | null}
  /** CPU of the generator's threads in the last interval, in cores (0.62 = 62 % of one). */
  readonly generatorCores: number | null
}
