import type {NodeContext} from '../node/node-context.js'
import {total} from '../store/item-counters.js'
import {changeFigures, linkConnections, repcachedStats, settingsStats} from './general-stats.js'
import {removalFigures, slabStats} from './slab-stats.js'
import type {StatLine} from './stat-line.js'

/**
 * Plain `stats` with the names of memcached 1.6.45, in its order, and repcached's
 * three when the node replicates. Figures without a counterpart here are 0.
 */
export function modernGeneralStats(context: NodeContext): readonly StatLine[] {
  const {settings, clock, store} = context
  const usage = process.resourceUsage()
  return [
    ['pid', process.pid],
    ['uptime', clock.nowSeconds - clock.startedAtSeconds],
    ['time', clock.nowSeconds],
    ['version', context.personality.version],
    ['libevent', `libuv ${process.versions.uv}`],
    ['pointer_size', 64],
    ['rusage_user', (usage.userCPUTime / 1e6).toFixed(6)],
    ['rusage_system', (usage.systemCPUTime / 1e6).toFixed(6)],
    ...connectionFigures(context),
    ...commandFigures(context),
    ['limit_maxbytes', settings.memoryLimitBytes],
    ['accepting_conns', context.counters.acceptingConnections ? 1 : 0],
    ['listen_disabled_num', context.counters.listenDisabled],
    ['time_in_listen_disabled_us', 0],
    ['threads', 1],
    ['conn_yields', context.counters.connYields],
    ['hash_power_level', store.index.power],
    ['hash_bytes', 2 ** store.index.power * Uint32Array.BYTES_PER_ELEMENT],
    ['hash_is_expanding', store.index.growing ? 1 : 0],
    ...(settings.slabReassign ? pageFigures(context) : []),
    ...(settings.lruCrawler ? crawlerFigures(context) : []),
    ['malloc_fails', 0],
    ...watcherFigures(context),
    ['unexpected_napi_ids', 0],
    ['round_robin_fallback', 0],
    ...repcachedStats(context),
    ...itemFigures(context),
  ]
}

function connectionFigures({settings, counters, replicationStats}: NodeContext): readonly StatLine[] {
  return [
    ['max_connections', settings.maxConnections],
    ['curr_connections', counters.currConnections + (linkConnections[replicationStats().link] ?? 0)],
    ['total_connections', counters.totalConnections],
    ...(settings.rejectsAtLimit ? [['rejected_connections', counters.rejectedConnections] as const] : []),
    ['connection_structures', counters.peakConnections],
    ['response_obj_oom', 0],
    ['response_obj_count', 0],
    ['response_obj_bytes', 0],
    ['read_buf_count', 0],
    ['read_buf_bytes', 0],
    ['read_buf_bytes_free', 0],
    ['read_buf_oom', 0],
    ['reserved_fds', 20],
  ]
}

function commandFigures({settings, counters}: NodeContext): readonly StatLine[] {
  const {slabs} = counters
  return [
    ['cmd_get', counters.cmdGet],
    ['cmd_set', total(slabs.cmdSet)],
    ['cmd_flush', counters.cmdFlush],
    ['cmd_touch', counters.cmdTouch],
    ['cmd_meta', counters.cmdMeta],
    ['get_hits', total(slabs.getHits)],
    ['get_misses', counters.getMisses],
    ['get_expired', counters.getExpired],
    ['get_flushed', counters.getFlushed],
    ...changeFigures(counters),
    ['store_too_large', counters.storeTooLarge],
    ['store_no_memory', counters.storeNoMemory],
    ['auth_cmds', counters.authCommands],
    ['auth_errors', counters.authErrors],
    ...(settings.idleTimeoutSeconds > 0 ? [['idle_kicks', counters.idleKicks] as const] : []),
    ['bytes_read', counters.bytesRead],
    ['bytes_written', counters.bytesWritten],
  ]
}

function pageFigures({pageMover}: NodeContext): readonly StatLine[] {
  const {counters, running, busyStatus} = pageMover
  return [
    ['slab_reassign_rescues', counters.rescues],
    ['slab_reassign_chunk_rescues', 0],
    ['slab_reassign_inline_reclaim', 0],
    ['slab_reassign_busy_items', counters.busyItems],
    ['slab_reassign_busy_deletes', 0],
    ['slab_reassign_busy_nomem', counters.busyNoMemory],
    ['slab_reassign_last_busy_status', busyStatus],
    ['slab_reassign_running', running ? 1 : 0],
    ['slabs_moved', counters.moved],
  ]
}

function crawlerFigures({crawler}: NodeContext): readonly StatLine[] {
  return [
    ['lru_crawler_running', crawler.running ? 1 : 0],
    ['lru_crawler_starts', crawler.starts],
  ]
}

function watcherFigures({watchers}: NodeContext): readonly StatLine[] {
  const {sent, skipped} = watchers.counters
  return [
    ['log_worker_dropped', 0],
    ['log_worker_written', sent],
    ['log_watcher_skipped', skipped],
    ['log_watcher_sent', sent],
    ['log_watchers', watchers.count],
  ]
}

function itemFigures({store}: NodeContext): readonly StatLine[] {
  const {counters, itemCounters} = store
  return [
    ['bytes', counters.bytes],
    ['curr_items', store.items],
    ['total_items', counters.totalItems],
    ['slab_global_page_pool', store.slabs.pageCounts.spare],
    ['expired_unfetched', counters.expiredUnfetched],
    ['evicted_unfetched', counters.evictedUnfetched],
    ['evictions', counters.evictions],
    ['reclaimed', counters.reclaimed],
    ['crawler_reclaimed', total(itemCounters.crawlerReclaimed)],
    ['crawler_items_checked', total(itemCounters.crawlerItemsChecked)],
    ['lrutail_reflocked', 0],
  ]
}

const yesNo = (value: boolean) => (value ? 'yes' : 'no')

/**
 * `stats settings` with the names of memcached 1.6, in its order. The LRU
 * maintainer and its settings are off: a slab class has one LRU list here.
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

/** `stats items` with the names of memcached 1.6 without its LRU maintainer: each slab class with items. */
export function modernItemStats({store, clock}: NodeContext): readonly StatLine[] {
  const {itemCounters, lru} = store
  return store.classes.flatMap(({id}): readonly StatLine[] => {
    const oldest = lru.oldest(id)
    if (oldest === 0) return []
    const name = (stat: string) => `items:${id}:${stat}`
    return [
      [name('number'), lru.count(id)],
      [name('age'), clock.nowSeconds - store.columns.usedAt[oldest]!],
      [name('mem_requested'), store.requestedBytes[id]!],
      ...removalFigures(store, id),
      [name('crawler_reclaimed'), itemCounters.crawlerReclaimed[id]!],
      [name('crawler_items_checked'), itemCounters.crawlerItemsChecked[id]!],
      [name('lrutail_reflocked'), 0],
    ]
  })
}

/** `stats slabs` with the names of memcached 1.6, which counts never used chunks as free. */
export function modernSlabStats(context: NodeContext): readonly StatLine[] {
  const lines = slabStats(context).flatMap(([name, value]): readonly StatLine[] => {
    const [id, stat] = name.split(':')
    switch (stat) {
      case 'free_chunks':
        return [[name, context.store.slabs.freeChunks(Number(id))]]
      case 'free_chunks_end':
        return [[name, 0]]
      case 'mem_requested':
        return []
      default:
        return [[name, value]]
    }
  })
  const {all} = context.store.slabs.pageCounts
  return lines.map(line => (line[0] === 'total_malloced' ? [line[0], all * context.settings.itemMaxBytes] : line))
}

/** `stats sizes`, which memcached 1.6 keeps only on request. */
export function modernSizeStats(): readonly StatLine[] {
  return [['sizes_status', 'disabled']]
}

/** `stats conns`: all listeners and clients. */
export function connectionStats({connections, clock}: NodeContext): readonly StatLine[] {
  return connections
    .list()
    .flatMap(({id, address, listenAddress, state, lastCommandSeconds}): readonly StatLine[] => [
      [`${id}:addr`, address],
      ...(listenAddress === null ? [] : [[`${id}:listen_addr`, listenAddress] as const]),
      [`${id}:state`, state],
      [`${id}:secs_since_last_cmd`, clock.nowSeconds - lastCommandSeconds],
    ])
}
