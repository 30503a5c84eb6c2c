import {type NodeCounters, type NodeFigures, ratio} from './node-figures.js'

/** Per second, between two samples; null where the node reports no such figure. */
export interface NodeRates {
  /** Length of the interval. */
  readonly seconds: number
  readonly operations: number
  readonly gets: number | null
  readonly sets: number | null
  readonly evictions: number | null
  readonly bytesRead: number | null
  readonly bytesWritten: number | null
  /** Hits of the interval's gets, 0 to 1; null without gets. */
  readonly hitRatio: number | null
}

/** Whether the process is another one than before, as far as its figures tell (in containers every pid is 1). */
export function isRestart(before: NodeFigures, after: NodeFigures): boolean {
  return before.pid !== after.pid || (after.uptimeSeconds ?? 0) < (before.uptimeSeconds ?? 0)
}

interface RateOptions {
  readonly before: NodeFigures
  readonly after: NodeFigures
  readonly seconds: number
  /** The node counts from 0 since then: it was restarted, or told `stats reset`. */
  readonly anew: boolean
}

export function ratesBetween({before, after, seconds, anew}: RateOptions): NodeRates {
  const grown = (name: keyof NodeCounters): number | null => {
    const now = after.counters[name]
    const then = before.counters[name]
    if (now === null || then === null) return null
    // A little less than before is not less: our own commands, taken out, may have been counted a moment later.
    return anew ? now : Math.max(0, now - then)
  }
  const rate = (name: keyof NodeCounters): number | null => {
    const growth = grown(name)
    return growth === null ? null : growth / seconds
  }
  return {
    seconds,
    operations: rate('operations') ?? 0,
    gets: rate('gets'),
    sets: rate('sets'),
    evictions: rate('evictions'),
    bytesRead: rate('bytesRead'),
    bytesWritten: rate('bytesWritten'),
    hitRatio: ratio(grown('hits'), grown('gets')),
  }
}
