import {boundedCount, consistencyMeasures} from '../../assertions/consistency-measures.js'
import {lagMeasures} from '../../assertions/lag-measures.js'
import {byName, type Measure, type Measures} from '../../assertions/measure.js'
import type {ConsistencyCheck} from '../../check/pair-check.js'
import type {LatencySummary} from '../../measure/latency-summary.js'
import {countDiverged} from './count-diverged.js'
import {evictedKeys, lostOwnKeys} from './drill-advice.js'
import type {DrillResult} from './drill-result.js'
import type {DrillRpo} from './drill-rpo.js'
import type {DrillTimings} from './drill-timings.js'
import type {WrongReads} from './wrong-reads.js'

type DrillMeasure = Measure<DrillResult>

/** One of the drill's timings, in µs as all times of assertions are. */
function time(name: string, read: (timings: DrillTimings) => number | null): DrillMeasure {
  const readUs = ({measures}: DrillResult): number | null => {
    const ms = measures === null ? null : read(measures)
    return ms === null ? null : ms * 1000
  }
  return {name, unit: 'us', better: 'lower', read: readUs}
}

/** Keys that may be missing on a node. */
function missing(name: string, read: (check: ConsistencyCheck, result: DrillResult) => number): DrillMeasure {
  return boundedCount(name, result =>
    result.check === null ? null : {certain: read(result.check, result), perhaps: result.check.undecided},
  )
}

/** Writes or keys lost at failovers or found lost at the end. */
function lost(name: string, read: (rpo: DrillRpo) => number): DrillMeasure {
  return boundedCount(name, ({rpo}) => (rpo === null ? null : {certain: read(rpo), perhaps: rpo.unknown}))
}

/** Wrong reads of the load. */
function wrongReads(name: string, read: (reads: WrongReads) => number | null): DrillMeasure {
  const readAll = ({wrongReads: reads}: DrillResult): number | null => (reads === null ? null : read(reads))
  return {name, unit: 'count', better: 'lower', read: readAll}
}

function latency(name: string, window: keyof DrillTimings['responseUs'], field: keyof LatencySummary): DrillMeasure {
  return {
    name,
    unit: 'us',
    better: 'lower',
    read: ({measures}) => measures?.responseUs[window][field] ?? null,
    lateness: ({measures, run}) => {
      const netUs = measures?.netResponseUs?.[window][field] ?? null
      return netUs === null ? null : {netUs, slipP99Us: run?.generator.scheduleSlipUs.p99 ?? null}
    },
  }
}

function isSettled(times: DrillResult['times']): boolean {
  return times?.settled === true
}

/** Infinite with a client that was never served again. */
function longestRto({rtoMs}: DrillTimings): number | null {
  if (rtoMs.never > 0) return Number.POSITIVE_INFINITY
  return rtoMs.clients === 0 ? 0 : rtoMs.max
}

/** Everything about a drill that can be asserted. */
export const drillMeasures: Measures<DrillResult> = byName<DrillResult>([
  time('rto', longestRto),
  time('rto.p50', ({rtoMs}) => (rtoMs.clients === 0 ? 0 : rtoMs.p50)),
  time('rto.first', ({rtoMs}) => (rtoMs.clients === 0 ? 0 : rtoMs.min)),
  time('firstError', ({firstErrorMs}) => firstErrorMs),
  time('detection', ({detectionMs}) => detectionMs),
  time('unserved', ({unservedMs}) => unservedMs),
  time('back', ({backToBaselineMs}) => backToBaselineMs),
  time('p99.back', ({p99BackMs}) => p99BackMs),
  time('fullCopy', ({fullCopy}) => fullCopy?.longestMs ?? null),
  {
    name: 'pairedAgain',
    unit: 'us',
    better: 'lower',
    read: ({times, measures}) =>
      measures === null || !isSettled(times) ? null : (measures.pairedAgainMs ?? Number.POSITIVE_INFINITY) * 1000,
  },
  {
    name: 'paired',
    unit: 'boolean',
    better: 'higher',
    read: ({times, faults}) =>
      isSettled(times) ? times!.paired !== null && faults.every(({wholeAfterMs}) => wholeAfterMs !== null) : null,
  },
  {name: 'faults', unit: 'count', better: 'higher', read: ({faults}) => faults.length},
  ...consistencyMeasures<DrillResult>('', ({check}) => check),
  // These replace measures of the same name above: they count the drill's extra keys too.
  lost('lost', ({writes}) => writes),
  lost('lostKeys', ({keys}) => keys),
  missing('lostAtEnd', ({lostWrites}, result) => lostWrites + lostOwnKeys(result)),
  {
    name: 'rpo',
    unit: 'us',
    better: 'lower',
    read: ({rpo}) => (rpo === null || rpo.ms === null || (rpo.writes === 0 && rpo.unknown > 0) ? null : rpo.ms * 1000),
    doubt({rpo}) {
      if (rpo === null || rpo.unknown === 0) return null
      const atLeast = rpo.ms === null || rpo.writes === 0 ? null : rpo.ms * 1000
      return {reason: `${rpo.unknown} ${atLeast === null ? '' : 'more '}writes may be lost`, atLeast}
    },
  },
  wrongReads('wrongReads', ({total}) => total),
  wrongReads('unexplainedReads', ({unexplained}) => unexplained),
  {
    name: 'evicted',
    unit: 'count',
    better: 'lower',
    read: result => (result.check === null ? null : evictedKeys(result)),
  },
  missing('diverged', (check, {comparison}) => countDiverged(check, comparison)),
  latency('p99.before', 'before', 'p99'),
  latency('p99.during', 'during', 'p99'),
  latency('p99.after', 'after', 'p99'),
  {name: 'p99.copying', unit: 'us', better: 'lower', read: ({measures}) => measures?.fullCopy?.responseUs.p99 ?? null},
  ...lagMeasures<DrillResult>('lag.', ({lagUs}) => lagUs),
  ...(['before', 'during', 'after'] as const).flatMap(phase =>
    lagMeasures<DrillResult>(`lag.${phase}.`, ({lagByPhaseUs}) => lagByPhaseUs?.[phase] ?? null),
  ),
])
