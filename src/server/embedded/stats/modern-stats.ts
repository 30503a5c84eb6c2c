import type {NodeContext} from '../node/node-context.js'
import {total} from '../store/slab-counters.js'
import {changeFigures, linkConnections, repcachedStats} from './general-stats.js'
import type {StatLine} from './stat-line.js'

/**
 * Plain `stats` by the names of memcached 1.6.45, in its order, and repcached's
 * three where the node replicates. What nothing here corresponds to is 0, as in a
 * memcached in which it has not happened yet.
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

function pageFigures({store}: NodeContext): readonly StatLine[] {
  const {counters, running, busyStatus} = store.pageMover
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
