import type {LagSample as RunLagSample} from '../../engine/lag-record.js'
import type {Address} from '../../protocol/address.js'
import type {PairEvidence} from '../../server/link-truth.js'
import type {LagSample} from '../../server/probe-direction.js'

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
  | {readonly type: 'close'; readonly pair: number}

/** And what it tells back. Times are on performance.timeOrigin + performance.now(), the clock that all threads share. */
export type FromProbeThread =
  | {
      readonly type: 'news'
      readonly pair: number
      readonly evidence: PairEvidence['probes']
      /** Since the news before. */
      readonly lags: readonly LagSample[]
    }
  | {readonly type: 'lag'; readonly pair: number; readonly sample: RunLagSample}
  /** The keys are deleted. */
  | {readonly type: 'closed'; readonly pair: number}
