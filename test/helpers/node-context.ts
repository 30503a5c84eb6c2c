import {noChangeLog} from '../../src/server/embedded/change-log.js'
import {Clock} from '../../src/server/embedded/clock.js'
import type {NodeContext} from '../../src/server/embedded/node-context.js'
import {NodeCounters} from '../../src/server/embedded/node-counters.js'
import {NodeLog} from '../../src/server/embedded/node-log-writer.js'
import {defaultSettings} from '../../src/server/embedded/node-settings.js'
import {noReplicationStats} from '../../src/server/embedded/replication-figures.js'
import {Store} from '../../src/server/embedded/store.js'

/** What sessions share, without a node or a socket around it; its clock stands still. */
export function createContext({megabytes = 4}: {megabytes?: number} = {}): NodeContext {
  const clock = new Clock({wallMs: () => 1_800_000_000_000, monotonicMs: () => 0})
  const settings = {...defaultSettings}
  return {
    version: '0.0.0-test',
    settings,
    clock,
    store: new Store({memoryLimitBytes: megabytes << 20, itemMaxBytes: 1 << 20, evictions: true, clock}),
    counters: new NodeCounters(),
    log: new NodeLog(settings, () => {}),
    changes: noChangeLog,
    replicationStats: () => noReplicationStats,
  }
}
