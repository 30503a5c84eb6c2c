import type {ReplicationStats} from '../node/replication.js'
import type {ReplicationQueue} from './replication-queue.js'

/** Counts full syncs and overflows of a node's replication link. */
export class LinkFigures {
  overflows = 0
  #fullSyncs = 0
  #syncBegunMs = 0
  #lastFullSyncSeconds: number | null = null
  #lastFullSyncAt: number | null = null

  syncBegun(): void {
    this.#syncBegunMs = performance.now()
  }

  syncDone(): void {
    this.#fullSyncs++
    this.#lastFullSyncSeconds = (performance.now() - this.#syncBegunMs) / 1000
    this.#lastFullSyncAt = Math.floor(Date.now() / 1000)
  }

  stats({
    queue,
    ...now
  }: Pick<ReplicationStats, 'mode' | 'link' | 'role' | 'turnedAway'> & {queue: ReplicationQueue}): ReplicationStats {
    return {
      ...now,
      queueFree: queue.limit - queue.peak,
      queueDepth: queue.depth,
      queuePeak: queue.peak,
      fullSyncs: this.#fullSyncs,
      resyncs: Math.max(0, this.#fullSyncs - 1),
      lastFullSyncSeconds: this.#lastFullSyncSeconds,
      lastFullSyncAt: this.#lastFullSyncAt,
      overflows: this.overflows,
    }
  }
}
