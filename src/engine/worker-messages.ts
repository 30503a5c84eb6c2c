import type {Address} from '../protocol/address.js'
import type {LoadPlan} from './plan.js'
import type {LoadDelta} from './recorder.js'
import type {Share} from './share.js'

/** What a load thread is started with. */
export interface LoadAssignment {
  readonly plan: LoadPlan
  readonly target: Address
  readonly connections: Share
}

export type ToLoadThread =
  /** `startAtEpochMs`: performance.timeOrigin + performance.now(), the clock that all threads share. */
  {readonly type: 'start'; readonly startAtEpochMs: number} | {readonly type: 'stop'}

export type FromLoadThread =
  | {readonly type: 'ready'}
  | {readonly type: 'progress'; readonly report: ThreadReport}
  | {readonly type: 'finished'; readonly report: ThreadReport}

export interface ThreadReport {
  readonly delta: LoadDelta
  /** CPU time of this thread since the start of the load. */
  readonly cpuSeconds: number
  /** How late the event loop was to a timer, since the start of the load. */
  readonly eventLoopDelayUs: {readonly p99: number | null; readonly max: number | null}
}
