import type {Clock} from '../store/clock.js'
import type {LruCrawler} from '../store/lru-crawler.js'
import type {PageMover} from '../store/page-mover.js'
import type {Store} from '../store/store.js'
import type {ConnectionTable} from './connection-table.js'
import type {NodeCounters} from './node-counters.js'
import type {NodeLog} from './node-log-writer.js'
import type {NodeSettings} from './node-settings.js'
import type {Personality} from './personality.js'
import type {PrefixStats} from './prefix-stats.js'
import type {ChangesToPeer, ReplicationStats} from './replication.js'
import type {Watchers} from './watchers.js'

/** `graceful` keeps the items in the memory file, if there is one. */
export type ShutdownMode = 'now' | 'graceful'

/** What all parts of one embedded node share. */
export interface NodeContext {
  /** repbench's own version. */
  readonly version: string
  readonly settings: NodeSettings
  /** The memcached version whose answers it gives. */
  readonly personality: Personality
  readonly clock: Clock
  readonly store: Store
  readonly counters: NodeCounters
  /** `stats detail`. */
  readonly prefixes: PrefixStats
  readonly log: NodeLog
  /** Connections that `watch`. */
  readonly watchers: Watchers
  /** Open sockets, for `stats conns`. */
  readonly connections: ConnectionTable
  readonly crawler: LruCrawler
  /** `slabs reassign` and `slabs automove`. */
  readonly pageMover: PageMover
  /** `shutdown` and `shutdown graceful`: ends the node. */
  readonly shutDown: (mode: ShutdownMode) => void
  /** Where the changes that clients make go; with replication this is the link's queue (replication/queued-changes.ts). */
  readonly toPeer: ChangesToPeer
  readonly replicationStats: () => ReplicationStats
}

/** What replication itself gets of it: nothing that comes from the peer can be sent back. */
export type ContextWithoutPeer = Omit<NodeContext, 'toPeer'>
