import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {LagEvent} from '../../lag/lag-event.js'
import type {FailoverLog} from '../../verify/failover-log.js'

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
  /** Of one that was started anew and has no complete copy of what both held before: since when; else null. */
  readonly #partialSinceMs: (number | null)[] = [null, null]
  /** When it dialled and got a copy, and when it was dialled and gave one. */
  readonly #joinedMs = [0, 0]
  readonly #acceptedMs = [0, 0]
  readonly #unsubscribe: readonly (() => void)[]

  /** @param originMs of the acknowledgements' clock, on performance.now() */
  constructor(nodes: readonly Pick<ClusterNode, 'onEvent'>[], {log, originMs}: {log: FailoverLog; originMs: number}) {
    this.#log = log
    this.#originMs = originMs
    this.#unsubscribe = nodes.map((node, place) =>
      node.onEvent(({kind, monotonicMs, facts}) => {
        if (kind === 'started') {
          this.#partialSinceMs[place] = monotonicMs
          this.#log.setStarted(place, monotonicMs - this.#originMs)
          this.#set(place, 0)
        }
        if (kind !== 'linkUp') return
        if (facts?.role === 'slave') this.#joinedMs[place] = monotonicMs
        else this.#acceptedMs[place] = monotonicMs
        this.#completeIfCopied(0)
        this.#completeIfCopied(1)
      }),
    )
  }

  probed(event: LagEvent): void {
    if (event.type !== 'seen') return
    const {direction, atMs, lagUs, resolutionUs} = event
    const to = direction === 'aToB' ? 1 : 0
    if (this.#partialSinceMs[to] !== null) return
    const storedMs = atMs - (lagUs + resolutionUs) / 1000
    // A probe that was written before a copy may be seen after it.
    this.#set(to, Math.max(this.#crossedMs[to]!, storedMs - this.#originMs))
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  /** Of its peer, which must say so too: a third process may have the port that it dialled, and nothing to give. */
  #completeIfCopied(place: number): void {
    const sinceMs = this.#partialSinceMs[place] ?? null
    const joinedMs = this.#joinedMs[place]!
    const peer = 1 - place
    if (sinceMs === null || this.#partialSinceMs[peer] !== null) return
    if (joinedMs < sinceMs || this.#acceptedMs[peer]! < sinceMs) return
    this.#partialSinceMs[place] = null
    this.#set(place, joinedMs - this.#originMs - LOG_MARGIN_MS)
  }

  #set(to: number, atMs: number): void {
    this.#crossedMs[to] = atMs
    this.#log.setCrossed({from: 1 - to, to, atMs})
  }
}
