import type {NodeContext} from '../node/node-context.js'
import type {NodeCounters} from '../node/node-counters.js'
import {total} from '../store/slab-counters.js'
import type {StatLine} from './stat-line.js'

const REPCACHED_VERSION = '2.3.1'

/** Of repcached's own connections, which it counts with its clients': the listening socket; the link with its pipe. */
export const linkConnections: Readonly<Record<string, number>> = {listening: 1, paired: 3}

/** Plain `stats`: the names of memcached 1.4.13 with repcached 2.3.1's three, in their order. */
export function generalStats(context: NodeContext): readonly StatLine[] {
  const {settings, clock, store, counters, replicationStats} = context
  const figures = replicationStats()
  const usage = process.resourceUsage()
  const buckets = 2 ** store.index.power
  const lines: StatLine[] = [
    ['pid', process.pid],
    ['uptime', clock.nowSeconds - clock.startedAtSeconds],
    ['time', clock.nowSeconds],
    ['version', context.personality.version],
    ['libevent', `libuv ${process.versions.uv}`],
    ['pointer_size', 64],
    ['rusage_user', (usage.userCPUTime / 1e6).toFixed(6)],
    ['rusage_system', (usage.systemCPUTime / 1e6).toFixed(6)],
    ['curr_connections', counters.currConnections + (linkConnections[figures.link] ?? 0)],
    ['total_connections', counters.totalConnections],
    ...(settings.rejectsAtLimit ? [['rejected_connections', counters.rejectedConnections] as const] : []),
    ['connection_structures', counters.peakConnections],
    ['reserved_fds', 20],
    ...commandStats(context),
    ['limit_maxbytes', settings.memoryLimitBytes],
    ['accepting_conns', counters.acceptingConnections ? 1 : 0],
    ['listen_disabled_num', counters.listenDisabled],
    ['threads', 1],
    ['conn_yields', counters.connYields],
    ['hash_power_level', store.index.power],
    ['hash_bytes', buckets * Uint32Array.BYTES_PER_ELEMENT],
    ['hash_is_expanding', store.index.growing ? 1 : 0],
    ['expired_unfetched', store.counters.expiredUnfetched],
    ['evicted_unfetched', store.counters.evictedUnfetched],
  ]
  lines.push(
    ...repcachedStats(context),
    ['bytes', store.counters.bytes],
    ['curr_items', store.items],
    ['total_items', store.counters.totalItems],
    ['evictions', store.counters.evictions],
    ['reclaimed', store.counters.reclaimed],
  )
  return lines
}

/** What repcached 2.3.1 adds. */
export function repcachedStats({settings, replicationStats}: NodeContext): readonly StatLine[] {
  if (settings.replication === null) return []
  return [
    // repcached prints MASTER on both nodes, paired or not; the true role is in `stats repbench`.
    ['replication', 'MASTER'],
    ['repcached_version', REPCACHED_VERSION],
    ['repcached_qi_free', replicationStats().queueFree],
  ]
}

function commandStats({counters}: NodeContext): readonly StatLine[] {
  const {slabs} = counters
  return [
    ['cmd_get', counters.cmdGet],
    ['cmd_set', total(slabs.cmdSet)],
    ['cmd_flush', counters.cmdFlush],
    ['cmd_touch', counters.cmdTouch],
    ['get_hits', total(slabs.getHits)],
    ['get_misses', counters.getMisses],
    ...changeFigures(counters),
    ['auth_cmds', counters.authCommands],
    ['auth_errors', counters.authErrors],
    ['bytes_read', counters.bytesRead],
    ['bytes_written', counters.bytesWritten],
  ]
}

/** Hits and misses of the commands that change items, by the names that 1.4.13 and 1.6 share. */
export function changeFigures(counters: NodeCounters): readonly StatLine[] {
  const {slabs} = counters
  return [
    ['delete_misses', counters.deleteMisses],
    ['delete_hits', total(slabs.deleteHits)],
    ['incr_misses', counters.incrMisses],
    ['incr_hits', total(slabs.incrHits)],
    ['decr_misses', counters.decrMisses],
    ['decr_hits', total(slabs.decrHits)],
    ['cas_misses', counters.casMisses],
    ['cas_hits', total(slabs.casHits)],
    ['cas_badval', total(slabs.casBadval)],
    ['touch_hits', total(slabs.touchHits)],
    ['touch_misses', counters.touchMisses],
  ]
}

/** `stats repbench`: what only the embedded node tells. */
function repbenchStats({version, settings, counters, replicationStats}: NodeContext): readonly StatLine[] {
  const own: StatLine[] = [['version', version]]
  if (settings.replication === null) return own
  const figures = replicationStats()
  return [
    ...own,
    ['mode', figures.mode],
    ['link', figures.link],
    ['link_up', figures.link === 'paired' ? 1 : 0],
    ['role', figures.role],
    ['queue_limit', settings.replication.queueLimit],
    ['queue_depth', figures.queueDepth],
    ['queue_peak', figures.queuePeak],
    ['full_syncs', figures.fullSyncs],
    ['resyncs', figures.resyncs],
    ['last_full_sync_seconds', figures.lastFullSyncSeconds?.toFixed(3) ?? 'none'],
    ['last_full_sync_time', figures.lastFullSyncAt ?? 'none'],
    ['overflows', figures.overflows],
    ['unreplicated_changes', counters.unreplicatedChanges],
    ['peers_turned_away', figures.turnedAway],
  ]
}

/** The figures behind `stats [name]` and binary's stat; null for a name that is not known. */
export function statsNamed(context: NodeContext, name: string): readonly StatLine[] | null {
  if (name === 'repbench') return repbenchStats(context)
  return context.personality.stats.get(name)?.(context) ?? null
}

/** `stats reset`: what counts since the start counts from now on; what is, stays. */
export function resetStats({counters, store, prefixes}: NodeContext): void {
  counters.reset()
  store.itemCounters.reset()
  store.counters.totalItems = 0
  store.counters.evictions = 0
  store.counters.reclaimed = 0
  prefixes.clear()
}
