import type {Assertion} from '../assertions/assertion.js'
import {type AssertionOutcome, checkAssertion} from '../assertions/check-assertion.js'
import {byName, type Measure, type Measures} from '../assertions/measure.js'
import type {FindingKind} from '../checks/ledger-verdict.js'
import type {LatencySummary} from '../run-events.js'
import {type Verdict, worstVerdict} from '../verdict.js'
import type {DrillMeasures} from './drill-measures.js'
import type {DrillResult} from './drill-result.js'

type DrillMeasure = Measure<DrillResult>

/** Keys on which the two nodes do not hold the same. */
const differing: readonly FindingKind[] = ['missingOnA', 'missingOnB', 'staleOnA', 'staleOnB', 'diverged']

/** A time of the drill's measures, in µs as all times of assertions are. */
function time(name: string, read: (measures: DrillMeasures) => number | null): DrillMeasure {
  const readUs = ({measures}: DrillResult): number | null => {
    const ms = measures === null ? null : read(measures)
    return ms === null ? null : ms * 1000
  }
  return {name, unit: 'us', better: 'lower', read: readUs}
}

function findings(name: string, ...kinds: readonly FindingKind[]): DrillMeasure {
  const read = ({check}: DrillResult): number | null =>
    check === null ? null : kinds.reduce((sum, kind) => sum + check.findings[kind], 0)
  return {name, unit: 'count', better: 'lower', read}
}

function latency(name: string, window: keyof DrillMeasures['responseUs'], field: keyof LatencySummary): DrillMeasure {
  return {name, unit: 'us', better: 'lower', read: ({measures}) => measures?.responseUs[window][field] ?? null}
}

/** With clients that were never served again there is no time until all were. */
function longestRto({rtoMs}: DrillMeasures): number | null {
  if (rtoMs.never > 0) return Number.POSITIVE_INFINITY
  return rtoMs.clients === 0 ? 0 : rtoMs.max
}

/** What can be asserted of a drill. */
export const drillMeasures: Measures<DrillResult> = byName<DrillResult>([
  time('rto', longestRto),
  time('rto.p50', ({rtoMs}) => (rtoMs.clients === 0 ? 0 : rtoMs.p50)),
  time('rto.first', ({rtoMs}) => (rtoMs.clients === 0 ? 0 : rtoMs.min)),
  time('detection', ({detectionMs}) => detectionMs),
  time('unserved', ({unservedMs}) => unservedMs),
  time('back', ({backToBaselineMs}) => backToBaselineMs),
  time('pairedAgain', ({pairedAgainMs}) => pairedAgainMs ?? Number.POSITIVE_INFINITY),
  {
    name: 'paired',
    unit: 'boolean',
    better: 'higher',
    read: ({times}) => (times === null ? null : times.paired !== null),
  },
  {name: 'lost', unit: 'count', better: 'lower', read: ({check}) => check?.lostWrites ?? null},
  findings('lostKeys', 'lost'),
  {
    name: 'diverged',
    unit: 'count',
    better: 'lower',
    read: result => {
      const ofLoad = findings('', ...differing).read(result)
      if (ofLoad === null) return null
      const others = Object.values(result.comparison?.differences ?? {}).reduce((sum, count) => sum + count, 0)
      return Number(ofLoad) + others
    },
  },
  findings('missing', 'missingOnA', 'missingOnB'),
  findings('stale', 'staleOnA', 'staleOnB'),
  findings('resurrected', 'resurrected'),
  findings('phantom', 'phantom'),
  findings('foreign', 'foreign'),
  findings('corrupt', 'corrupt'),
  latency('p99.before', 'before', 'p99'),
  latency('p99.during', 'during', 'p99'),
  latency('p99.after', 'after', 'p99'),
  {
    name: 'lag.p99',
    unit: 'us',
    better: 'lower',
    read: ({lagUs}) => (lagUs === null ? null : Math.max(lagUs.aToB.p99 ?? 0, lagUs.bToA.p99 ?? 0)),
  },
])

export interface DrillJudgement {
  readonly assertions: readonly AssertionOutcome[]
  readonly verdict: Verdict
}

/** A drill that could not inject its fault or look at its nodes is unknown, whatever else holds. */
export function judgeDrill(result: DrillResult, budgets: readonly Assertion<DrillResult>[]): DrillJudgement {
  const assertions = budgets.map(budget => checkAssertion(budget, result))
  if (result.problem !== null) return {assertions, verdict: 'unknown'}
  return {assertions, verdict: worstVerdict(assertions.map(({verdict}) => verdict))}
}
