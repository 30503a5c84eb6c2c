import type {LagEvent} from '../../engine/lag/lag-event.js'
import type {Address} from '../../protocol/address.js'
import type {LagSample, PairProbes} from '../../server/node-api/pair-probe.js'
import type {NodePollsOptions} from '../../server/observe/stats-watch.js'
import type {NodeSample} from '../../server/stats/node-sample.js'

export interface ProbeTarget {
  readonly name: string
  readonly address: Address
  /** Memory of an OwnTraffic. */
  readonly traffic: SharedArrayBuffer
}

export type LagTarget = Omit<ProbeTarget, 'name'>

/** What the UI's thread tells the thread of the probes. */
export type ToProbeThread =
  | {
      readonly type: 'open'
      readonly pair: number
      readonly nodes: readonly [ProbeTarget, ProbeTarget]
      readonly intervalMs: number | undefined
    }
  /** Measures the lag of a pair that is loaded. */
  | {
      readonly type: 'openLag'
      readonly pair: number
      readonly nodes: readonly [LagTarget, LagTarget]
    }
  | {readonly type: 'close'; readonly pair: number; readonly drainMs: number | undefined}
  /** What is being closed is to wait for nothing any more. */
  | {readonly type: 'hurry'; readonly pair: number}
  /** Polls nodes once a second. */
  | ({readonly type: 'openPolls'; readonly polls: number; readonly nodes: readonly ProbeTarget[]} & Omit<
      NodePollsOptions,
      'nodes' | 'onSample'
    >)
  /** Polls them out of turn. */
  | {readonly type: 'poll'; readonly polls: number}
  /** Polls them out of turn, and answers with all samples. */
  | {readonly type: 'pollNow'; readonly polls: number; readonly request: number}
  | {readonly type: 'closePolls'; readonly polls: number}

/** And what it tells back. Times are on performance.timeOrigin + performance.now(), the clock that all threads share. */
export type FromProbeThread =
  | {
      readonly type: 'news'
      readonly pair: number
      readonly evidence: PairProbes
      /** Since the news before. */
      readonly lags: readonly LagSample[]
    }
  /** What the probe of a load has learnt since the news before. */
  | {readonly type: 'lag'; readonly pair: number; readonly events: readonly LagEvent[]}
  | {readonly type: 'sample'; readonly polls: number; readonly sample: NodeSample; readonly inTurn: boolean}
  | {readonly type: 'polled'; readonly request: number; readonly samples: readonly NodeSample[]}
  /** The keys are deleted. */
  | {readonly type: 'closed'; readonly pair: number}
