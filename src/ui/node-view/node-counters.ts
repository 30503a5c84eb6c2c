/** The counters of `stats` that rates are made of; null where the node does not report one. */
export interface NodeCounters {
  readonly pid: number | null
  readonly operations: number
  readonly gets: number
  readonly hits: number
  readonly evictions: number
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** Per second, over one interval between two samples. */
export interface NodeRates {
  /** Length of the interval. */
  readonly seconds: number
  readonly operations: number
  readonly gets: number
  readonly hits: number
  readonly evictions: number
  readonly bytesRead: number
  readonly bytesWritten: number
}

const operationCounters = [
  'cmd_get',
  'cmd_set',
  'cmd_touch',
  'cmd_flush',
  'delete_hits',
  'delete_misses',
  'incr_hits',
  'incr_misses',
  'decr_hits',
  'decr_misses',
] as const

export function countersOf(stats: ReadonlyMap<string, string>): NodeCounters {
  const count = (name: string) => numberOf(stats, name) ?? 0
  return {
    pid: numberOf(stats, 'pid'),
    operations: operationCounters.reduce((sum, name) => sum + count(name), 0),
    gets: count('cmd_get'),
    hits: count('get_hits'),
    evictions: count('evictions'),
    bytesRead: count('bytes_read'),
    bytesWritten: count('bytes_written'),
  }
}

/** A stat as a number; null when it is missing or no number. */
export function numberOf(stats: ReadonlyMap<string, string>, name: string): number | null {
  const text = stats.get(name)
  const value = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

/** A counter that went back, or another process id, means a restart: it counted from 0 since then. */
export function ratesBetween(before: NodeCounters, after: NodeCounters, seconds: number): NodeRates {
  const restarted = before.pid !== after.pid
  const rate = (name: Exclude<keyof NodeRates, 'seconds'>) => {
    const grown = after[name] - before[name]
    return (restarted || grown < 0 ? after[name] : grown) / seconds
  }
  return {
    seconds,
    operations: rate('operations'),
    gets: rate('gets'),
    hits: rate('hits'),
    evictions: rate('evictions'),
    bytesRead: rate('bytesRead'),
    bytesWritten: rate('bytesWritten'),
  }
}
