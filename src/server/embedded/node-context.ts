import type {ChangeLog} from './change-log.js'
import type {Clock} from './clock.js'
import type {NodeCounters} from './node-counters.js'
import type {NodeLog} from './node-log-writer.js'
import type {NodeSettings} from './node-settings.js'
import type {Store} from './store.js'

/** What every part of one embedded node shares. */
export interface NodeContext {
  /** repbench's own version. */
  readonly version: string
  readonly settings: NodeSettings
  readonly clock: Clock
  readonly store: Store
  readonly counters: NodeCounters
  readonly log: NodeLog
  /** Where changes made by clients are noted for the peer. */
  readonly changes: ChangeLog
  /** Replication's own figures for `stats`. */
  readonly replicationStats: () => ReplicationStats
}

export interface ReplicationStats {
  /** Queue slots never used so far: repcached's low-water mark. */
  readonly queueFree: number
  readonly link: string
  readonly role: string
  readonly queueDepth: number
  readonly queuePeak: number
  readonly fullSyncs: number
  readonly overflows: number
}
