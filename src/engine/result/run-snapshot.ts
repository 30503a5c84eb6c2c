import type {Address} from '../../protocol/address.js'
import type {DirectionLag} from '../lag/lag-record.js'
import type {OperationCounts} from '../measure/accounts.js'
import type {GeneratorHealth} from '../measure/generator-health.js'
import type {LatencySummary} from '../measure/latency-summary.js'
import type {RunEvent, RunStep} from './run-result.js'

/** Phases of a run, as shown to the operator. */
export type RunPhase = 'connecting' | 'prefill' | 'warmup' | 'running' | 'draining' | 'checking' | 'done'

/** State of a run, reported five times a second. */
export interface RunSnapshot {
  readonly phase: RunPhase
  readonly elapsedSeconds: number
  /** Planned length in seconds; null when unknown. */
  readonly plannedSeconds: number | null
  /** Share of the planned work, 0 to 1. */
  readonly progress: number
  /** While the nodes are checked after the load: keys read so far, and all keys of the load. */
  readonly check?: {readonly checked: number; readonly keys: number}
  readonly target: Address
  readonly operations: OperationCounts
  /** Connections open now. */
  readonly connections: number
  /** The last interval only. */
  readonly interval: {
    readonly seconds: number
    readonly opsPerSecond: number
    readonly errors: number
    /** Keys of reads, and how many of them were found. */
    readonly keysRead: number
    readonly keysFound: number
    readonly response: LatencySummary
  }
  /** Since the start. */
  readonly response: LatencySummary
  readonly service: LatencySummary
  /** Since the start, one for each method of the mix; empty when there is only one. */
  readonly byMethod: readonly {
    readonly method: string
    readonly response: LatencySummary
    readonly service: LatencySummary
  }[]
  /** Steps that have begun, since the start; empty when the rate does not change. */
  readonly steps: readonly RunStep[]
  readonly slipUs: {readonly p50: number | null; readonly p99: number | null; readonly max: number | null}
  /** CPU use of the generator's threads in the last interval, in cores (0.62 = 62 % of one). */
  readonly generatorCores: number | null
  /** Event loop delay of the worst thread, since the start. */
  readonly eventLoopDelayUs: {readonly p99: number | null; readonly max: number | null}
  /** Share of the calls that the generator itself sent more than 1 ms late, since the start; null in a closed loop. */
  readonly lateShare: number | null
  /** Health of the generator so far. */
  readonly health: GeneratorHealth
  /** Current rate in operations per second, all connections together; null in a closed loop. */
  readonly ratePerSecond: number | null
  /** Lag of the probed pair; null when none is probed. */
  readonly lag: LagSnapshot | null
  /** Events since the last snapshot, on the clock of the load. */
  readonly events: readonly RunEvent[]
}

/** Lag from master to slave, and back. */
export interface LagSnapshot {
  readonly aToB: LagNow
  readonly bToA: LagNow
}

interface LagNow {
  /** The longest lag of the last interval, or the age of the oldest write not seen yet if that is more, in µs; null when there was none. */
  readonly intervalUs: number | null
  /** Since the start. */
  readonly since: DirectionLag
}
