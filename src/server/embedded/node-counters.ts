/** Counts since the start of the node, by the names that `stats` gives them. */
export class NodeCounters {
  totalConnections = 0
  currConnections = 0
  /** Most connections at once: memcached's connection_structures. */
  peakConnections = 0
  cmdGet = 0
  cmdSet = 0
  cmdFlush = 0
  cmdTouch = 0
  getHits = 0
  getMisses = 0
  deleteHits = 0
  deleteMisses = 0
  incrHits = 0
  incrMisses = 0
  decrHits = 0
  decrMisses = 0
  casHits = 0
  casMisses = 0
  casBadval = 0
  touchHits = 0
  touchMisses = 0
  bytesRead = 0
  bytesWritten = 0
  listenDisabled = 0
  /** Changes that the peer does not get because their keys do not fit into the replication stream. */
  unreplicatedChanges = 0
}
