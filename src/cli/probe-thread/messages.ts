import type {AskErrorFacts} from '../../ask/ask-error.js'
import type {LagEvent} from '../../engine/lag/lag-event.js'
import type {Address} from '../../protocol/address.js'
import type {LagSample, PairProbes} from '../../server/node-api/pair-probe.js'

export interface ProbeTarget {
  readonly name: string
  readonly address: Address
  /** Memory of an OwnTraffic. */
  readonly traffic: SharedArrayBuffer
}

/** The lines of a reply, and when all of it was there. */
export interface NodeAnswer {
  readonly lines: string[]
  readonly atMs: number
  /** From the dialling to the end of the reply. */
  readonly roundTripMs: number
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
  /** Asks a node something, to know how long it takes to answer. */
  | {
      readonly type: 'ask'
      readonly question: number
      readonly address: Address
      readonly command: string
      readonly timeoutMs: number | undefined
    }

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
  | ({readonly type: 'answered'; readonly question: number} & NodeAnswer)
  | {readonly type: 'notAnswered'; readonly question: number; readonly facts: AskErrorFacts}
  /** The keys are deleted. */
  | {readonly type: 'closed'; readonly pair: number}
