import type {Address} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {StartLagProbe} from '../lag/lag-probe.js'
import type {LoadDelta} from '../measure/recorder.js'
import type {LoadPlan} from '../plan/plan.js'
import type {RunResult} from '../result/run-result.js'
import type {RunSnapshot} from '../result/run-snapshot.js'
import type {VerifyAssignment} from '../verify/verifier.js'
import type {RunCheckOptions} from './run-check.js'
import type {RunControl} from './run-control.js'
import type {StartLoadThread} from './worker-messages.js'

/** What is run, against which nodes, and who listens. */
export interface RunOptions {
  readonly plan: LoadPlan
  /** Where connections go: the first; all in turn with `spread`; the others when one fails, with the plan's failover. */
  readonly targets: readonly Address[]
  readonly spread?: boolean
  /** Aborting it ends the run; what was measured so far is its result. */
  readonly signal: AbortSignal
  /** Called five times a second, and once at the end. */
  readonly onSnapshot?: (snapshot: RunSnapshot) => void
  /** Two nodes whose lag behind each other is measured during the load. */
  readonly lagProbe?: readonly [Address, Address]
  /** How it is measured; on this thread unless told otherwise. */
  readonly startLagProbe?: StartLagProbe
  /** Called when the load itself starts. @param startMs on performance.now() */
  readonly onStart?: (startMs: number) => void
  /** Called with what each load thread measured of the load itself, five times a second. */
  readonly onDelta?: (delta: LoadDelta) => void
  /** Nodes whose events belong on the run's timeline. */
  readonly nodes?: readonly Pick<ClusterNode, 'onEvent'>[]
  /** Memory for the verification of the plan, for a caller who needs it afterwards; the run's own unless given. */
  readonly verify?: VerifyAssignment
  /** Says, when the load has ended, whether the pair that was loaded replicated meanwhile. */
  readonly link?: (() => Promise<RunResult['link']>) | undefined
  /** Changes the run while it is under way. */
  readonly control?: RunControl
  /** Of a plan with verification: reads every key from the nodes when the load has ended. */
  readonly check?: RunCheckOptions
  /** How a load thread is started; a worker thread unless told otherwise. */
  readonly startThread?: StartLoadThread
}
