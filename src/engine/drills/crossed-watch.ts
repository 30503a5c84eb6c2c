import type {ClusterNode} from '../../server/cluster-node.js'
import type {LagEvent} from '../lag/lag-event.js'
import type {FailoverLog} from '../verify/failover-log.js'

/** How long a node's log may take to tell that a copy is complete. */
const LOG_MARGIN_MS = 100

/**
 * Keeps up to when writes are known to have crossed from one node to the
 * other: what the one acknowledged before a probe write that was seen on the
 * other has crossed too, because links keep order. A node that was started
 * anew has nothing until it has got a complete copy, of a peer that has all.
 */
export class CrossedWatch {
  readonly #log: FailoverLog
  readonly #originMs: number
  /** By node, a and b: what the other acknowledged before that time is there. */
  readonly #crossedMs = [0, 0]
  /** It has been started anew, and has no complete copy of what both held before. */
  readonly #isPartial = [false, false]
  readonly #unsubscribe: readonly (() => void)[]

  /** @param originMs of the acknowledgements' clock, on performance.now() */
  constructor(nodes: readonly Pick<ClusterNode, 'onEvent'>[], {log, originMs}: {log: FailoverLog; originMs: number}) {
    this.#log = log
    this.#originMs = originMs
    this.#unsubscribe = nodes.map((node, place) =>
      node.onEvent(({kind, monotonicMs, facts}) => {
        if (kind === 'started') {
          this.#isPartial[place] = true
          this.#set(place, 0)
        }
        // Who was dialled got nothing.
        const hasCopy = kind === 'linkUp' && facts?.role === 'slave' && !this.#isPartial[1 - place]
        if (!hasCopy || !this.#isPartial[place]) return
        this.#isPartial[place] = false
        this.#set(place, monotonicMs - originMs - LOG_MARGIN_MS)
      }),
    )
  }

  probed(event: LagEvent): void {
    if (event.type !== 'seen') return
    const {direction, atMs, lagUs, resolutionUs} = event
    const to = direction === 'aToB' ? 1 : 0
    if (this.#isPartial[to]) return
    const storedMs = atMs - (lagUs + resolutionUs) / 1000
    // A probe that was written before a copy may be seen after it.
    this.#set(to, Math.max(this.#crossedMs[to]!, storedMs - this.#originMs))
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  #set(to: number, atMs: number): void {
    this.#crossedMs[to] = atMs
    this.#log.setCrossed({from: 1 - to, to, atMs})
  }
}
