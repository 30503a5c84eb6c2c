import type {LoadAssignment} from '../loop/load-assignment.js'
import type {Outage} from '../measure/outages.js'
import type {ThreadReport} from '../measure/thread-health.js'
import type {LoadPhase} from '../plan/phases.js'

/** What the main thread tells a load thread. */
export type ToLoadThread =
  /** Opens connections for a phase of the run; `ready` follows. */
  | {readonly type: 'phase'; readonly phase: LoadPhase}
  /** `startAtEpochMs`: performance.timeOrigin + performance.now(), the clock that all threads share. */
  | {readonly type: 'start'; readonly startAtEpochMs: number}
  /** Changes the rate of all threads together, for calls due after a time of that clock. */
  | {readonly type: 'rate'; readonly ratePerSecond: number; readonly atEpochMs: number}
  | {readonly type: 'stop'}
  /** There is no other phase. */
  | {readonly type: 'end'}

/** What a load thread tells the main thread. */
export type FromLoadThread =
  | {readonly type: 'ready'}
  | {readonly type: 'progress'; readonly report: ThreadReport}
  /** The phase is over. */
  | {readonly type: 'finished'; readonly report: ThreadReport; readonly outages: readonly Outage[]}

export interface LoadThread {
  post(message: ToLoadThread): void
  terminate(): void
}

export interface LoadThreadEvents {
  onMessage(message: FromLoadThread): void
  onFailure(error: Error): void
}

/** Starts a load thread; a worker thread, or in a test the same code on the test's own event loop. */
export type StartLoadThread = (assignment: LoadAssignment, events: LoadThreadEvents) => LoadThread
