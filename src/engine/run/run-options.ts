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

/** A run: its plan, its nodes and its listeners. */
export interface RunOptions {
  readonly plan: LoadPlan
  /** Servers: all connections go to the first; with `spread` to all in turn; with failover to the others when one fails. */
  readonly targets: readonly Address[]
  readonly spread?: boolean
  /** Aborting ends the run; its result is what was measured so far. */
  readonly signal: AbortSignal
  /** Called five times a second, and once at the end. */
  readonly onSnapshot?: (snapshot: RunSnapshot) => void
  /** A pair whose lag is measured during the load. */
  readonly lagProbe?: readonly [Address, Address]
  /** Starts the lag probe; on this thread by default. */
  readonly startLagProbe?: StartLagProbe
  /** Called when the load itself starts. @param startMs on performance.now() */
  readonly onStart?: (startMs: number) => void
  /** Called with the measurements of each load thread, five times a second; only for the load itself. */
  readonly onDelta?: (delta: LoadDelta) => void
  /** Nodes whose events go on the run's timeline. */
  readonly nodes?: readonly Pick<ClusterNode, 'onEvent'>[]
  /** Memory for the verification of the plan, if the caller needs it afterwards. */
  readonly verify?: VerifyAssignment
  /** Returns, after the load, whether the loaded pair replicated during it. */
  readonly link?: (() => Promise<RunResult['link']>) | undefined
  /** Changes the run while it is under way. */
  readonly control?: RunControl
  /** For a plan with verification: reads every key from the nodes after the load. */
  readonly check?: RunCheckOptions
  /** Starts a load thread; a worker thread by default. */
  readonly startThread?: StartLoadThread
}
