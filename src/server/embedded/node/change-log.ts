/** Takes notice of the changes that clients make, in order, to send them to the peer. */
export interface ChangeLog {
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
  /** Removed to make room, not by a client's wish. */
  evicted(bytes: Buffer, keyStart: number, keyEnd: number): void
  /** @param atSeconds Unix time, null = now */
  flushed(atSeconds: number | null): void
  /** The clients are about to be told of what was changed: the peer should get it first. */
  aboutToReply(): void
}

/** For a node without a peer. */
export const noChangeLog: ChangeLog = {
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
  aboutToReply() {},
}
