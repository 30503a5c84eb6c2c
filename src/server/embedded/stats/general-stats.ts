import type {NodeContext} from '../node/node-context.js'
import type {NodeCounters} from '../node/node-counters.js'
import {total} from '../store/item-counters.js'
import type {StatLine} from './stat-line.js'

const REPCACHED_VERSION = '2.3.1'

/** repcached counts its own connections with its clients': the listening socket; the link with its pipe. */
export const linkConnections: Readonly<Record<string, number>> = {listening: 1, paired: 3}

/** Plain `stats` with the names of memcached 1.4.13 and repcached 2.3.1's three, in their order. */
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

/** The figures that repcached 2.3.1 adds. */
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

/** Hits and misses of the commands that change items, with the names that 1.4.13 and 1.6 share. */
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

const protocolNames = {auto: 'auto-negotiate', ascii: 'ascii', binary: 'binary'}

/** `stats settings`, by the names of memcached 1.4.13. */
export function settingsStats({settings, store, clock, prefixes}: NodeContext): readonly StatLine[] {
  const yesNo = (value: boolean) => (value ? 'yes' : 'no')
  const {flushedAtSeconds} = store
  return [
    ['maxbytes', settings.memoryLimitBytes],
    ['maxconns', settings.maxConnections],
    ['tcpport', settings.listensTcp ? settings.port : 0],
    ['udpport', 0],
    ['inter', settings.interfaces ?? settings.host ?? 'NULL'],
    ['verbosity', settings.verbosity],
    ['oldest', flushedAtSeconds === 0 ? 0 : flushedAtSeconds - clock.startedAtSeconds],
    ['evictions', settings.evictions ? 'on' : 'off'],
    ['domain_socket', settings.unixSocket?.path ?? 'NULL'],
    ['umask', (settings.unixSocket?.accessMask ?? 0o700).toString(8)],
    ['growth_factor', settings.growthFactor.toFixed(2)],
    ['chunk_size', settings.smallestItemBytes],
    ['num_threads', 1],
    ['num_threads_per_udp', 0],
    ['stat_key_prefix', settings.prefixDelimiter],
    ['detail_enabled', yesNo(prefixes.enabled)],
    ['reqs_per_event', settings.requestsPerEvent],
    ['cas_enabled', yesNo(settings.useCas)],
    ['tcp_backlog', settings.backlog],
    ['binding_protocol', protocolNames[settings.bindingProtocol]],
    ['auth_enabled_sasl', 'no'],
    ['item_size_max', settings.itemMaxBytes],
    ['maxconns_fast', yesNo(settings.rejectsAtLimit)],
    ['hashpower_init', settings.hashPower],
    ['slab_reassign', yesNo(settings.slabReassign)],
    ['slab_automove', yesNo(settings.slabAutomove > 0)],
  ]
}
