import {CLASSES} from '../store/item-counters.js'

/** Results of clients' commands by slab class of the item. */
class SlabCounters {
  readonly getHits = new Float64Array(CLASSES)
  readonly cmdSet = new Float64Array(CLASSES)
  readonly deleteHits = new Float64Array(CLASSES)
  readonly incrHits = new Float64Array(CLASSES)
  readonly decrHits = new Float64Array(CLASSES)
  readonly casHits = new Float64Array(CLASSES)
  readonly casBadval = new Float64Array(CLASSES)
  readonly touchHits = new Float64Array(CLASSES)

  reset(): void {
    for (const counts of Object.values(this)) (counts as Float64Array).fill(0)
  }
}

/** Counts since the start of the node or the last `stats reset`, by the names that `stats` gives them. */
export class NodeCounters {
  totalConnections = 0
  currConnections = 0
  /** Most connections at once: memcached's connection_structures. */
  peakConnections = 0
  cmdGet = 0
  cmdFlush = 0
  cmdTouch = 0
  cmdMeta = 0
  getMisses = 0
  /** Gets that met an expired item, or a flushed one; they are also misses. */
  getExpired = 0
  getFlushed = 0
  storeTooLarge = 0
  storeNoMemory = 0
  authCommands = 0
  authErrors = 0
  idleKicks = 0
  deleteMisses = 0
  incrMisses = 0
  decrMisses = 0
  casMisses = 0
  touchMisses = 0
  bytesRead = 0
  bytesWritten = 0
  /** False while the node has `-c` clients, and more must wait. */
  acceptingConnections = true
  listenDisabled = 0
  /** Changes not sent to the peer because the replication stream cannot carry their keys. */
  unreplicatedChanges = 0
  rejectedConnections = 0
  connYields = 0
  /** Hits and sets, by slab class. */
  readonly slabs = new SlabCounters()

  /** `stats reset`; figures of the open connections stay. */
  reset(): void {
    const {currConnections, peakConnections, acceptingConnections, slabs} = this
    slabs.reset()
    Object.assign(this, new NodeCounters(), {currConnections, peakConnections, acceptingConnections, slabs})
  }
}
