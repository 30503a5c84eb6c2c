/** Takes notice of the changes that clients make, in order, to send them to the peer. */
export interface ChangeLog {
  /** The item under the key is new or changed. */
  stored(bytes: Buffer, keyStart: number, keyEnd: number): void
  deleted(bytes: Buffer, keyStart: number, keyEnd: number): void
  /** @param atSeconds Unix time, null = now */
  flushed(atSeconds: number | null): void
}

/** For a node without a peer. */
export const noChangeLog: ChangeLog = {
  stored() {},
  deleted() {},
  flushed() {},
}
