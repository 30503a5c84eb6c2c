import {type LagPercentile, probesNeeded} from '../lag/lag-histogram.js'
import type {DirectionLag} from '../lag/lag-record.js'
import type {Doubt, Measure} from './measure.js'

/** Both directions of a pair; null when the lag was not measured. */
type Directions = {readonly aToB: DirectionLag; readonly bToA: DirectionLag} | null

type Statistic = 'p50' | 'p90' | 'p99' | 'p999' | 'max'

const statistics: readonly (readonly [string, Statistic])[] = [
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p99.9', 'p999'],
  ['max', 'max'],
]

const NONE_STORED = 'no probe was stored'

/** Measures such as `lag.p99`, each of the direction that lags further. @param prefix ends in a dot */
export function lagMeasures<Result>(prefix: string, directions: (result: Result) => Directions): Measure<Result>[] {
  const both = (result: Result) => {
    const lag = directions(result)
    return lag === null ? [] : [lag.aToB, lag.bToA]
  }
  return [
    ...statistics.map(
      ([name, field]): Measure<Result> => ({
        name: `${prefix}${name}`,
        unit: 'us',
        better: 'lower',
        read: result => worst(both(result).map(lag => lag[field])),
        doubt: result => doubtOf(both(result), {name, field}),
      }),
    ),
    {
      name: `${prefix}unseen`,
      unit: 'count',
      better: 'lower',
      read: result => sum(both(result).map(({unseen}) => unseen)),
      doubt(result) {
        const each = both(result)
        const isKnown = each.every(({count}) => count > 0)
        return isKnown ? null : {reason: NONE_STORED, atLeast: sum(each.map(({unseen}) => unseen))}
      },
    },
  ]
}

/** Null when both directions are known exactly. */
function doubtOf(directions: readonly DirectionLag[], {name, field}: {name: string; field: Statistic}): Doubt | null {
  if (directions.length === 0) return null
  const each = directions.map(lag => (field === 'max' ? doubtOfMax(lag) : doubtOfPercentile(lag, name, field)))
  const doubt = each.find(one => one !== null)
  if (doubt === undefined || doubt === null) return null
  const least = directions.map((lag, index) => (each[index] === null ? lag[field] : each[index]!.atLeast))
  return {reason: doubt.reason, atLeast: worst(least)}
}

function doubtOfMax(lag: DirectionLag): Doubt | null {
  if (lag.count === 0) return {reason: NONE_STORED, atLeast: null}
  return lag.unseen === 0 ? null : {reason: unseenText(lag), atLeast: lag.max}
}

function doubtOfPercentile(lag: DirectionLag, name: string, field: LagPercentile): Doubt | null {
  const needed = probesNeeded[field]
  // Of so few probes a high percentile is the longest; of the median only the shortest is a bound.
  if (lag.count < needed) {
    return {reason: `${name} needs ${needed} probes, got ${lag.count}`, atLeast: field === 'p50' ? lag.min : lag.max}
  }
  return lag.atLeast.includes(field) ? {reason: unseenText(lag), atLeast: lag[field]} : null
}

function unseenText({unseen, count}: DirectionLag): string {
  return `${unseen} of ${count} probes never seen`
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}

function sum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0)
}
