import type {Address} from '../../protocol/address.js'
import type {Share} from '../plan/share.js'
import type {VerifyAssignment} from '../verify/verifier.js'

/** One thread's part of a load; crosses threads as it is. */
export interface LoadAssignment {
  /** Where connections go: the first; all in turn with `spread`; the others when one fails, with the plan's failover. */
  readonly targets: readonly Address[]
  readonly spread: boolean
  /** The connections of the plan that the thread serves. */
  readonly connections: Share
  /** The rate may be changed while the load runs: connections whose calls are done stay for it, until the planned end. */
  readonly adjustable: boolean
  /** What all threads share to check every read; null without verification. */
  readonly verify: VerifyAssignment | null
}
