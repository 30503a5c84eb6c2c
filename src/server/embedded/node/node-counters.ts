import {CLASSES} from '../store/item-counters.js'

/** What clients' commands did to the items of each slab class: indexed by the class of the item. */
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
  /** Gets that met an item which was over, or flushed; misses, too. */
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
  /** False while clients have to wait for others to leave. */
  acceptingConnections = true
  listenDisabled = 0
  /** Changes that the peer does not get because their keys do not fit into the replication stream. */
  unreplicatedChanges = 0
  rejectedConnections = 0
  connYields = 0
  /** Hits and sets, by slab class. */
  readonly slabs = new SlabCounters()

  /** What `stats reset` sets back; the connections that are open stay. */
  reset(): void {
    const {currConnections, peakConnections, acceptingConnections, slabs} = this
    slabs.reset()
    Object.assign(this, new NodeCounters(), {currConnections, peakConnections, acceptingConnections, slabs})
  }
}
