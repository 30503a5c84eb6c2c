import {type Hold, noHold} from './hold.js'

/**
 * What the rest of a node sees of replication; replication/ implements it. The
 * way of a change: items/item-operations.ts calls {@link ChangesToPeer.stored},
 * replication/queued-changes.ts queues its key, replication/frame-sender.ts
 * renders the item and writes it to the peer's socket.
 */

/** Takes the changes that clients make, in their order, for the peer; holds clients while the peer does not keep up. */
export interface ChangesToPeer extends Hold {
  /** Nearly no room is left: commands that were read already must wait, too. */
  readonly full: boolean
  /** A full sync is being sent to the peer: items must keep their numbers. */
  readonly copying: boolean
  /** The item under the key is new or changed. */
  stored(bytes: Buffer, keyStart: number, keyEnd: number): void
  deleted(bytes: Buffer, keyStart: number, keyEnd: number): void
  /** The item was evicted to make room. */
  evicted(bytes: Buffer, keyStart: number, keyEnd: number): void
  /** @param atSeconds Unix time, null = now */
  flushed(atSeconds: number | null): void
  /**
   * Sends what is queued. Called before replies leave the node: a client that is
   * told STORED must not lose the item when the node dies right after.
   */
  sendBeforeReplies(): void
}

/** For a node without replication. */
export const noPeer: ChangesToPeer = {
  ...noHold,
  full: false,
  copying: false,
  stored() {},
  deleted() {},
  evicted() {},
  flushed() {},
  sendBeforeReplies() {},
}

/** What `stats` and `stats repbench` show of replication. */
export interface ReplicationStats {
  /** Queue slots never used so far (repcached's `qi_free`). */
  readonly queueFree: number
  readonly mode: 'default' | 'resilient'
  readonly link: string
  readonly role: string
  readonly queueDepth: number
  readonly queuePeak: number
  /** Full syncs sent or received. */
  readonly fullSyncs: number
  /** Full syncs after the first. */
  readonly resyncs: number
  /** Duration of the latest full sync; null before the first. */
  readonly lastFullSyncSeconds: number | null
  /** Unix time of its end; null before the first. */
  readonly lastFullSyncAt: number | null
  readonly overflows: number
  /** Connections to the replication port that were turned away. */
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
