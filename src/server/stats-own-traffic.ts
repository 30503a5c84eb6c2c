/** What repbench itself did to a node by watching it; the same names as a node's counters. */
export interface OwnCounts {
  readonly gets: number
  readonly hits: number
  readonly misses: number
  readonly sets: number
  readonly deletes: number
  /** Bytes that the node has read from us. */
  readonly bytesRead: number
  /** Bytes that the node has written to us. */
  readonly bytesWritten: number
}

export const noTraffic: OwnCounts = {gets: 0, hits: 0, misses: 0, sets: 0, deletes: 0, bytesRead: 0, bytesWritten: 0}

/** Counts our own connections and commands, so that they can be taken out of a node's figures. */
export class OwnTraffic {
  connections = 0
  gets = 0
  hits = 0
  misses = 0
  sets = 0
  deletes = 0
  bytesRead = 0
  bytesWritten = 0

  counts(): OwnCounts {
    const {gets, hits, misses, sets, deletes, bytesRead, bytesWritten} = this
    return {gets, hits, misses, sets, deletes, bytesRead, bytesWritten}
  }
}
