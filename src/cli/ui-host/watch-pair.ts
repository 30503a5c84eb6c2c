import type {OwnTrafficByAddress} from '../../ask/own-traffic.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {PairProbe, ProbePairOptions} from '../../server/node-api/pair-probe.js'
import type {LinkTruth, LinkWatch} from '../../server/observe/link-watch.js'

import type {MakePolls} from './shared-polls.js'

/** For so long a new pair is not called doubtful: its first probe writes are still in transit. */
const FIRST_TRUTH_MS = 2000

export interface WatchedPair {
  /** null while nothing is known yet. */
  truth(): LinkTruth | null
  /** Lag in µs from the first node to the second, and back; grows while nothing arrives; null before the first write. */
  lagUs(): readonly [number | null, number | null]
  /** The watch itself; null before it has begun. */
  watch(): LinkWatch | null
  close(): Promise<void>
}

export interface WatchPairOptions {
  readonly nodes: readonly [ClusterNode, ClusterNode]
  /** Writes probe keys on both, which is the only sure sign with the C program; null: nothing is written. */
  readonly makeProbe: ((options: ProbePairOptions) => PairProbe) | null
  /** Makes what polls the nodes. */
  readonly makePolls: MakePolls
  /** Counts what watching does to the nodes. */
  readonly traffic: OwnTrafficByAddress
  /** Told when the nodes stop to replicate while both answer, and when they do again. */
  readonly onEvent: (event: NodeEvent) => void
}

/** Watches whether two nodes replicate, by probe writes instead of their logs. */
export function watchPair({nodes, makeProbe, makePolls, traffic, onEvent}: WatchPairOptions): WatchedPair {
  let watch: LinkWatch | undefined
  let lagUs: readonly [number | null, number | null] = [null, null]
  let closed = false
  let startedMs = performance.now()
  let isKnown = false
  const truth = (): LinkTruth | null => {
    if (watch === undefined) return null
    isKnown ||= watch.truth.verdict !== 'unknown' || performance.now() - startedMs > FIRST_TRUTH_MS
    return isKnown ? watch.truth : null
  }
  const started = import('../../server/observe/link-watch.js').then(module => {
    if (closed) return
    watch = new module.LinkWatch({nodes, makeProbe, makePolls, traffic})
    watch.onEvent(onEvent)
    watch.start()
    startedMs = performance.now()
  })
  return {
    truth,
    watch: () => watch ?? null,
    lagUs() {
      const now = watch?.lagUs ?? lagUs
      // Who draws it compares by identity.
      if (now.some((us, index) => us !== lagUs[index])) lagUs = now
      return lagUs
    },
    async close() {
      closed = true
      await started
      await watch?.close()
    },
  }
}
