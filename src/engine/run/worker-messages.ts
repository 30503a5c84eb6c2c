import type {Address} from '../../protocol/address.js'
import type {Outage} from '../measure/outages.js'
import type {ThreadReport} from '../measure/thread-health.js'
import type {LoadPhase} from '../plan/phases.js'
import type {Share} from '../plan/share.js'
import type {VerifyAssignment} from '../verify/verifier.js'

/** What a load thread is started with. */
export interface LoadAssignment {
  /** Where connections go; see LoadLoopOptions. */
  readonly targets: readonly Address[]
  readonly spread: boolean
  readonly connections: Share
  /** The rate may be changed while the load runs. */
  readonly adjustable: boolean
  /** What all threads share to check every read; null without verification. */
  readonly verify: VerifyAssignment | null
}

export type ToLoadThread =
  /** Opens connections for a part of the run; `ready` follows. */
  | {readonly type: 'phase'; readonly phase: LoadPhase}
  /** `startAtEpochMs`: performance.timeOrigin + performance.now(), the clock that all threads share. */
  | {readonly type: 'start'; readonly startAtEpochMs: number}
  /** Calls due after a moment of that clock are due at another rate, all threads together. */
  | {readonly type: 'rate'; readonly ratePerSecond: number; readonly atEpochMs: number}
  | {readonly type: 'stop'}
  /** There is no other phase. */
  | {readonly type: 'end'}

export type FromLoadThread =
  | {readonly type: 'ready'}
  | {readonly type: 'progress'; readonly report: ThreadReport}
  /** The phase is over. */
  | {readonly type: 'finished'; readonly report: ThreadReport; readonly outages: readonly Outage[]}
