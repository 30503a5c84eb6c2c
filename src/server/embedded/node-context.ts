import type {ChangeLog} from './change-log.js'
import type {Clock} from './clock.js'
import type {NodeCounters} from './node-counters.js'
import type {NodeLog} from './node-log-writer.js'
import type {NodeSettings} from './node-settings.js'
import type {PrefixStats} from './prefix-stats.js'
import type {ReplicationStats} from './replication-figures.js'
import type {Store} from './store.js'

/** What every part of one embedded node shares. */
export interface NodeContext {
  /** repbench's own version. */
  readonly version: string
  readonly settings: NodeSettings
  readonly clock: Clock
  readonly store: Store
  readonly counters: NodeCounters
  /** `stats detail`. */
  readonly prefixes: PrefixStats
  readonly log: NodeLog
  /** Where changes made by clients are noted for the peer. */
  readonly changes: ChangeLog
  /** Replication's own figures for `stats`. */
  readonly replicationStats: () => ReplicationStats
}
