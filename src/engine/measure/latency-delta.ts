import type {LatencyDelta} from './latency.js'

export const noLatencies: LatencyDelta = {
  indexes: new Uint16Array(0),
  counts: new Uint32Array(0),
  count: 0,
  minUs: Number.POSITIVE_INFINITY,
  maxUs: 0,
  sumUs: 0,
  sumOfSquares: 0,
}

/** Both together; as small as what it holds, where a histogram takes 140 kB. */
export function addDeltas(a: LatencyDelta, b: LatencyDelta): LatencyDelta {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const indexes = new Uint16Array(a.indexes.length + b.indexes.length)
  const counts = new Uint32Array(indexes.length)
  let used = 0
  for (let i = 0, j = 0; i < a.indexes.length || j < b.indexes.length; used++) {
    const inA = a.indexes[i] ?? Number.POSITIVE_INFINITY
    const inB = b.indexes[j] ?? Number.POSITIVE_INFINITY
    indexes[used] = Math.min(inA, inB)
    counts[used] = (inA <= inB ? a.counts[i++]! : 0) + (inB <= inA ? b.counts[j++]! : 0)
  }
  return {
    indexes: indexes.slice(0, used),
    counts: counts.slice(0, used),
    count: a.count + b.count,
    minUs: Math.min(a.minUs, b.minUs),
    maxUs: Math.max(a.maxUs, b.maxUs),
    sumUs: a.sumUs + b.sumUs,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
  }
}
