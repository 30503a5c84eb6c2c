import type {OwnCounts} from '../../ask/own-traffic.js'
import {numberOf, type StatsReply} from '../../protocol/text/stats-reply.js'

/** What a node has counted since its start, without our own share; null where it reports no such figure. */
export interface NodeCounters {
  readonly gets: number | null
  readonly hits: number | null
  readonly misses: number | null
  readonly sets: number | null
  readonly evictions: number | null
  /** Every command that names a key, and flush_all. */
  readonly operations: number
  /** Bytes that it read from its clients (not from its peer) and wrote to them. */
  readonly bytesRead: number | null
  readonly bytesWritten: number | null
}

/** One node at one moment, as its plain `stats` tells it; null where it reports no such figure. */
export interface NodeFigures {
  readonly pid: number | null
  readonly version: string | null
  readonly uptimeSeconds: number | null
  /** Its own clock, Unix seconds. */
  readonly timeSeconds: number | null
  /** Of items, without slab overhead. */
  readonly memoryBytes: number | null
  readonly memoryLimitBytes: number | null
  readonly items: number | null
  readonly totalItems: number | null
  /** As reported: with our own, and with those that repcached itself needs. */
  readonly currConnections: number | null
  /** Without our own. */
  readonly connections: number | null
  /** Hits of all gets since the start, 0 to 1; null without gets. */
  readonly hitRatio: number | null
  /** repcached's version; null for a memcached. */
  readonly repcachedVersion: string | null
  /** repcached's low-water mark: queue slots never used so far. */
  readonly queueFree: number | null
  readonly counters: NodeCounters
}

const otherOperations = ['cmd_touch', 'cmd_flush', 'incr_hits', 'incr_misses', 'decr_hits', 'decr_misses'] as const

/**
 * Reads plain `stats`.
 * @param own what we did to the node since it started
 * @param ownConnections how many connections we have open
 */
export function figuresOf(stats: StatsReply, own: OwnCounts, ownConnections: number): NodeFigures {
  const number = (name: string) => numberOf(stats, name)
  const counters = countersOf(stats, own)
  const currConnections = number('curr_connections')
  return {
    pid: number('pid'),
    version: stats.get('version') ?? null,
    uptimeSeconds: number('uptime'),
    timeSeconds: number('time'),
    memoryBytes: number('bytes'),
    memoryLimitBytes: number('limit_maxbytes'),
    items: number('curr_items'),
    totalItems: number('total_items'),
    currConnections,
    connections: less(currConnections, ownConnections),
    hitRatio: ratio(counters.hits, counters.gets),
    repcachedVersion: stats.get('repcached_version') ?? null,
    queueFree: number('repcached_qi_free'),
    counters,
  }
}

export function ratio(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : part / whole
}

function countersOf(stats: StatsReply, own: OwnCounts): NodeCounters {
  const gets = less(numberOf(stats, 'cmd_get'), own.gets)
  const sets = less(numberOf(stats, 'cmd_set'), own.sets)
  const deletes = (numberOf(stats, 'delete_hits') ?? 0) + (numberOf(stats, 'delete_misses') ?? 0)
  const others = otherOperations.reduce((sum, name) => sum + (numberOf(stats, name) ?? 0), 0)
  return {
    gets,
    hits: less(numberOf(stats, 'get_hits'), own.hits),
    misses: less(numberOf(stats, 'get_misses'), own.misses),
    sets,
    evictions: numberOf(stats, 'evictions'),
    operations: (gets ?? 0) + (sets ?? 0) + Math.max(0, deletes - own.deletes) + others,
    bytesRead: less(numberOf(stats, 'bytes_read'), own.bytesRead),
    bytesWritten: less(numberOf(stats, 'bytes_written'), own.bytesWritten),
  }
}

/** Never below 0: a node counts a reply a moment before or after we have it. */
function less(value: number | null, own: number): number | null {
  return value === null ? null : Math.max(0, value - own)
}
