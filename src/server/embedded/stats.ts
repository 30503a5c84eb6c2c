import type {NodeContext} from './node-context.js'

/** Version of the protocol and behaviour that the node offers, as in `version` and `stats`. */
export const MEMCACHED_VERSION = '1.4.13'
const REPCACHED_VERSION = '2.3.1'

type StatLine = readonly [name: string, value: string | number]

/** Plain `stats`: the names of memcached 1.4.13 with repcached 2.3.1's three, in their order. */
export function generalStats(context: NodeContext): readonly StatLine[] {
  const {settings, clock, store, counters, replicationStats} = context
  const usage = process.resourceUsage()
  const buckets = 2 ** store.index.power
  const lines: StatLine[] = [
    ['pid', process.pid],
    ['uptime', clock.nowSeconds - clock.startedAtSeconds],
    ['time', clock.nowSeconds],
    ['version', MEMCACHED_VERSION],
    ['libevent', `libuv ${process.versions.uv}`],
    ['pointer_size', 64],
    ['rusage_user', (usage.userCPUTime / 1e6).toFixed(6)],
    ['rusage_system', (usage.systemCPUTime / 1e6).toFixed(6)],
    ['curr_connections', counters.currConnections],
    ['total_connections', counters.totalConnections],
    ['connection_structures', counters.peakConnections],
    ['reserved_fds', 20],
    ...commandStats(context),
    ['limit_maxbytes', settings.memoryLimitBytes],
    ['accepting_conns', counters.currConnections < settings.maxConnections ? 1 : 0],
    ['listen_disabled_num', counters.listenDisabled],
    ['threads', 1],
    ['conn_yields', 0],
    ['hash_power_level', store.index.power],
    ['hash_bytes', buckets * Uint32Array.BYTES_PER_ELEMENT],
    ['hash_is_expanding', store.index.growing ? 1 : 0],
    ['expired_unfetched', store.counters.expiredUnfetched],
    ['evicted_unfetched', store.counters.evictedUnfetched],
  ]
  if (settings.replication !== null) {
    lines.push(
      // repcached prints MASTER on both nodes, paired or not; the true role is in `stats repbench`.
      ['replication', 'MASTER'],
      ['repcached_version', REPCACHED_VERSION],
      ['repcached_qi_free', replicationStats().queueFree],
    )
  }
  lines.push(
    ['bytes', store.counters.bytes],
    ['curr_items', store.items],
    ['total_items', store.counters.totalItems],
    ['evictions', store.counters.evictions],
    ['reclaimed', store.counters.reclaimed],
  )
  return lines
}

function commandStats({counters}: NodeContext): readonly StatLine[] {
  return [
    ['cmd_get', counters.cmdGet],
    ['cmd_set', counters.cmdSet],
    ['cmd_flush', counters.cmdFlush],
    ['cmd_touch', counters.cmdTouch],
    ['get_hits', counters.getHits],
    ['get_misses', counters.getMisses],
    ['delete_misses', counters.deleteMisses],
    ['delete_hits', counters.deleteHits],
    ['incr_misses', counters.incrMisses],
    ['incr_hits', counters.incrHits],
    ['decr_misses', counters.decrMisses],
    ['decr_hits', counters.decrHits],
    ['cas_misses', counters.casMisses],
    ['cas_hits', counters.casHits],
    ['cas_badval', counters.casBadval],
    ['touch_hits', counters.touchHits],
    ['touch_misses', counters.touchMisses],
    ['auth_cmds', 0],
    ['auth_errors', 0],
    ['bytes_read', counters.bytesRead],
    ['bytes_written', counters.bytesWritten],
  ]
}

/** `stats repbench`: what only the embedded node tells. */
export function repbenchStats({version, settings, counters, replicationStats}: NodeContext): readonly StatLine[] {
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
  ]
}

/** The figures behind `stats [name]` and binary's stat; null for a name that is not known. */
export function statsNamed(context: NodeContext, name: string): readonly StatLine[] | null {
  switch (name) {
    case '':
      return generalStats(context)
    case 'repbench':
      return repbenchStats(context)
    default:
      return null
  }
}

/** `STAT name value` lines with the final END. */
export function formatStats(lines: readonly StatLine[]): string {
  return `${lines.map(([name, value]) => `STAT ${name} ${value}\r\n`).join('')}END\r\n`
}
