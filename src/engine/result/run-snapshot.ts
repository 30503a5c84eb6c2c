import type {Address} from '../../protocol/address.js'
import type {DirectionLag} from '../lag/lag-record.js'
import type {OperationCounts} from '../measure/accounts.js'
import type {GeneratorHealth} from '../measure/generator-health.js'
import type {LatencySummary} from '../measure/latency-summary.js'
import type {RunEvent, RunStep} from './run-result.js'

/** What comes before the measurement has names of its own. */
export type RunPhase = 'connecting' | 'prefill' | 'warmup' | 'running' | 'draining' | 'checking' | 'done'

/** Sent five times a second while a run is under way. */
export interface RunSnapshot {
  readonly phase: RunPhase
  readonly elapsedSeconds: number
  /** Planned length in seconds, where the plan knows one. */
  readonly plannedSeconds: number | null
  /** 0 to 1 of the planned work. */
  readonly progress: number
  /** While the nodes are checked after the load: how many of its keys have been read. */
  readonly check?: {readonly checked: number; readonly keys: number}
  readonly target: Address
  readonly operations: OperationCounts
  /** Connections open now. */
  readonly connections: number
  /** Of the last interval only. */
  readonly interval: {
    readonly seconds: number
    readonly opsPerSecond: number
    readonly errors: number
    /** Keys of reads, and how many of them were there. */
    readonly keysRead: number
    readonly keysFound: number
    readonly response: LatencySummary
  }
  /** Since the start. */
  readonly response: LatencySummary
  readonly service: LatencySummary
  /** Since the start, one for each method of the mix; empty where there is only one. */
  readonly byMethod: readonly {
    readonly method: string
    readonly response: LatencySummary
    readonly service: LatencySummary
  }[]
  /** Since the start, each step of a rate that changes that has begun; empty where it does not change. */
  readonly steps: readonly RunStep[]
  readonly slipUs: {readonly p50: number | null; readonly p99: number | null; readonly max: number | null}
  /** CPU of the generator's threads in the last interval, in cores (0.62 = 62 % of one). */
  readonly generatorCores: number | null
  /** How late the event loop of the worst thread was to a timer, since the start. */
  readonly eventLoopDelayUs: {readonly p99: number | null; readonly max: number | null}
  /** Share of the calls that the generator itself sent over 1 ms late, since the start; null in a closed loop. */
  readonly lateShare: number | null
  /** Of the generator so far. */
  readonly health: GeneratorHealth
  /** Operations intended per second now, all connections together; null in a closed loop. */
  readonly ratePerSecond: number | null
  /** Of the pair that is probed; null where none is. */
  readonly lag: LagSnapshot | null
  /** What happened since the snapshot before, on the clock of the load. */
  readonly events: readonly RunEvent[]
}

/** Master to slave, and back. */
export interface LagSnapshot {
  readonly aToB: LagNow
  readonly bToA: LagNow
}

interface LagNow {
  /** The longest of the last interval, or the age of the oldest write that has not arrived, where that is more, in µs; null when there was none. */
  readonly intervalUs: number | null
  /** Since the start. */
  readonly since: DirectionLag
}
