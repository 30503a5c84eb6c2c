import type {NodeContext} from '../node/node-context.js'
import {settingsStats} from './settings-stats.js'
import type {StatLine} from './stat-line.js'

const yesNo = (value: boolean) => (value ? 'yes' : 'no')

/**
 * `stats settings` by the names of memcached 1.6, in its order. Its LRU
 * maintainer and what belongs to it are off: items here have one list a class.
 */
export function modernSettingsStats(context: NodeContext): readonly StatLine[] {
  const {settings} = context
  const known = new Map(settingsStats(context))
  const older = (...names: readonly string[]) => names.map((name): StatLine => [name, known.get(name) ?? 0])
  return [
    ...older('maxbytes', 'maxconns', 'tcpport', 'udpport', 'inter', 'verbosity', 'oldest', 'evictions'),
    ...older('domain_socket', 'umask'),
    ['shutdown_command', yesNo(settings.shutdownCommand)],
    ...older('growth_factor', 'chunk_size', 'num_threads', 'num_threads_per_udp', 'stat_key_prefix', 'detail_enabled'),
    ...older('reqs_per_event', 'cas_enabled', 'tcp_backlog', 'binding_protocol', 'auth_enabled_sasl'),
    ['auth_enabled_ascii', settings.auth?.file ?? 'no'],
    ...older('item_size_max', 'maxconns_fast', 'hashpower_init', 'slab_reassign'),
    ['slab_automove', settings.slabAutomove],
    ['slab_automove_ratio', '0.80'],
    ['slab_automove_window', 30],
    ['slab_chunk_max', settings.itemMaxBytes],
    ['lru_crawler', yesNo(settings.lruCrawler)],
    ['lru_crawler_sleep', 100],
    ['lru_crawler_tocrawl', 0],
    ['tail_repair_time', 0],
    ['flush_enabled', yesNo(settings.flushEnabled)],
    ['dump_enabled', yesNo(settings.dumpEnabled)],
    ['hash_algorithm', 'fnv1a'],
    ['lru_maintainer_thread', 'no'],
    ['lru_segmented', 'no'],
    ['hot_lru_pct', 20],
    ['warm_lru_pct', 40],
    ['hot_max_factor', '0.20'],
    ['warm_max_factor', '2.00'],
    ['temp_lru', 'no'],
    ['temporary_ttl', 61],
    ['idle_timeout', settings.idleTimeoutSeconds],
    ['watcher_logbuf_size', settings.watcherBufferBytes],
    ['worker_logbuf_size', 65_536],
    ['read_buf_mem_limit', 0],
    ['track_sizes', 'no'],
    ['inline_ascii_response', 'no'],
    ['num_napi_ids', '(null)'],
    ['memory_file', settings.memoryFile ?? '(null)'],
    ['client_flags_size', 4],
  ]
}
