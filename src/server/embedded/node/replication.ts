/**
 * What the rest of a node sees of replication; replication/ implements it. The
 * way of a change: items/item-operations.ts calls {@link ChangesToPeer.stored},
 * replication/queued-changes.ts queues its key, replication/frame-sender.ts
 * renders the item and writes it to the peer's socket.
 */

/** Where the changes that clients make go: to the peer, in their order. */
export interface ChangesToPeer {
  /**
   * The peer takes changes more slowly than they come: clients should not be
   * read now. Only true while the peer takes any at all.
   */
  readonly holding: boolean
  /** As holding, and there is hardly room for more: what was read already has to wait, too. */
  readonly full: boolean
  /** The peer is being sent every item: none may change its number now. */
  readonly copying: boolean
  /** Calls back once, as soon as clients may be read again. */
  whenReleased(listener: () => void): void
  /** The item under the key is new or changed. */
  stored(bytes: Buffer, keyStart: number, keyEnd: number): void
  deleted(bytes: Buffer, keyStart: number, keyEnd: number): void
  /** Evicted to make room, not deleted by a client. */
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
  holding: false,
  full: false,
  copying: false,
  whenReleased(listener) {
    listener()
  },
  stored() {},
  deleted() {},
  evicted() {},
  flushed() {},
  sendBeforeReplies() {},
}

/** What `stats` and `stats repbench` show of replication. */
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
