import type {ReplicationQueue} from './replication-queue.js'

export interface ReplicationStats {
  /** Queue slots never used so far: repcached's low-water mark. */
  readonly queueFree: number
  readonly mode: 'default' | 'resilient'
  readonly link: string
  readonly role: string
  readonly queueDepth: number
  readonly queuePeak: number
  /** Full copies sent or received. */
  readonly fullSyncs: number
  /** Full copies after the first. */
  readonly resyncs: number
  /** How long the newest full copy took; null before the first. */
  readonly lastFullSyncSeconds: number | null
  /** Wall clock of its end, Unix seconds; null before the first. */
  readonly lastFullSyncAt: number | null
  readonly overflows: number
  /** Connections to the replication port that were no peer's. */
  readonly turnedAway: number
}

/** For a node without replication. */
export const noReplicationStats: ReplicationStats = {
  queueFree: 0,
  mode: 'default',
  link: 'none',
  role: 'none',
  queueDepth: 0,
  queuePeak: 0,
  fullSyncs: 0,
  resyncs: 0,
  lastFullSyncSeconds: null,
  lastFullSyncAt: null,
  overflows: 0,
  turnedAway: 0,
}

/** Counts what happened on a node's replication link. */
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
