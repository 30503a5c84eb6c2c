import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {LagEvent} from '../../lag/lag-event.js'
import type {FailoverLog} from '../../verify/failover-log.js'

/** A node may log this late that a copy is complete. */
const LOG_MARGIN_MS = 100

/**
 * Keeps up to when writes are known to have crossed from one node to the
 * other. Links keep order: when a probe write is seen on the other node, all
 * that was acknowledged before it has crossed too. A restarted node has nothing
 * until it has a complete copy from a peer that has all.
 */
export class CrossedWatch {
  readonly #log: FailoverLog
  readonly #originMs: number
  /** By node: all that the other acknowledged before that time is there. */
  readonly #crossedMs = [0, 0]
  /** By node: since when it has been without a complete copy after a restart; null when it has one. */
  readonly #partialSinceMs: (number | null)[] = [null, null]
  /** By node: when it connected to its peer and got a copy, and when its peer connected and it gave one. */
  readonly #joinedMs = [0, 0]
  readonly #acceptedMs = [0, 0]
  readonly #unsubscribe: readonly (() => void)[]

  /** @param originMs start of the acknowledgements' clock, on performance.now() */
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
    // A probe written before a copy may be seen after it.
    this.#set(to, Math.max(this.#crossedMs[to]!, storedMs - this.#originMs))
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  /** The copy counts when the peer says so too: a third process may have had the port, and nothing to give. */
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
