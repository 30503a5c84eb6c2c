import {ratio} from '../../../server/stats/node-figures.js'
import type {NodeSample} from '../../../server/stats/node-sample.js'

type Answered = Extract<NodeSample, {kind: 'answered'}>

/** memcache-top's columns of one node; null where they are not known. */
export interface TopColumns {
  /** Memory used of what is allowed, 0 to 1. */
  readonly usage: number | null
  /** Hits of all gets since the start, 0 to 1. */
  readonly hitRatio: number | null
  readonly connections: number | null
  readonly roundTripMs: number | null
  readonly evictionsPerSecond: number | null
  /** Bytes that the node read from clients, and wrote to them. */
  readonly readPerSecond: number | null
  readonly writtenPerSecond: number | null
  readonly operationsPerSecond: number | null
  readonly items: number | null
}

const columnNames = [
  'usage',
  'hitRatio',
  'connections',
  'roundTripMs',
  'evictionsPerSecond',
  'readPerSecond',
  'writtenPerSecond',
  'operationsPerSecond',
  'items',
] as const satisfies readonly (keyof TopColumns)[]

export function columnsOf({figures, clients, rates, roundTripMs}: Answered): TopColumns {
  return {
    usage: ratio(figures.memoryBytes, figures.memoryLimitBytes),
    hitRatio: figures.hitRatio,
    connections: clients,
    roundTripMs,
    evictionsPerSecond: rates?.evictions ?? null,
    readPerSecond: rates?.bytesRead ?? null,
    writtenPerSecond: rates?.bytesWritten ?? null,
    operationsPerSecond: rates?.operations ?? null,
    items: figures.items,
  }
}

/** Of the nodes that answered; a column that none of them has is null. Hits of all gets of all nodes, as in the total. */
export function averageOf(samples: readonly Answered[]): TopColumns {
  const means = combine(samples.map(columnsOf), values => values.reduce((sum, value) => sum + value, 0) / values.length)
  return {...means, hitRatio: pooledHitRatio(samples)}
}

/** Ratios have no sum: hits and gets do. */
export function totalOf(samples: readonly Answered[]): TopColumns {
  const sums = combine(samples.map(columnsOf), values => values.reduce((sum, value) => sum + value, 0))
  return {...sums, usage: null, hitRatio: pooledHitRatio(samples)}
}

function pooledHitRatio(samples: readonly Answered[]): number | null {
  const counted = samples.map(({figures}) => figures.counters).filter(({gets, hits}) => gets !== null && hits !== null)
  const sum = (name: 'gets' | 'hits') => counted.reduce((total, counters) => total + counters[name]!, 0)
  return ratio(sum('hits'), sum('gets'))
}

/** Bytes of items and the limit, of all nodes that answered together. */
export function memoryOf(samples: readonly Answered[]): {usedBytes: number; limitBytes: number} {
  const sum = (read: (sample: Answered) => number | null) =>
    samples.reduce((total, sample) => total + (read(sample) ?? 0), 0)
  return {usedBytes: sum(({figures}) => figures.memoryBytes), limitBytes: sum(({figures}) => figures.memoryLimitBytes)}
}

function combine(columns: readonly TopColumns[], merge: (values: readonly number[]) => number): TopColumns {
  const entries = columnNames.map(name => {
    const values = columns.map(column => column[name]).filter(value => value !== null)
    return [name, values.length === 0 ? null : merge(values)]
  })
  return Object.fromEntries(entries) as TopColumns
}
