import type {Address} from '../../protocol/address.js'
import type {Share} from '../plan/share.js'
import type {VerifyAssignment} from '../verify/verifier.js'

/** One thread's part of a load; crosses threads as it is. */
export interface LoadAssignment {
  /** Servers: all connections go to the first; with `spread` to all in turn; with failover to the others when one fails. */
  readonly targets: readonly Address[]
  readonly spread: boolean
  /** The connections of the plan that this thread serves. */
  readonly connections: Share
  /** The rate can change while the load runs: connections without calls left stay open until the planned end. */
  readonly adjustable: boolean
  /** Shared memory of all threads to check every read; null without verification. */
  readonly verify: VerifyAssignment | null
}
