import type {FindingKind} from '../checks/ledger-verdict.js'
import type {ConsistencyCheck} from '../checks/pair-check.js'
import type {Measure} from './measure.js'

/** Keys on which the two nodes do not hold the same. */
export const differing: readonly FindingKind[] = [
  'missingOnA',
  'missingOnB',
  'staleOnA',
  'staleOnB',
  'diverged',
  'otherFlags',
  'otherExptime',
]

const counts: Readonly<Record<string, (check: ConsistencyCheck) => number | null>> = {
  lost: check => withUndecided(check, check.lostWrites),
  lostKeys: check => withUndecided(check, check.findings.lost),
  diverged: check => withUndecided(check, sumOf(check, differing)),
  missing: check => withUndecided(check, sumOf(check, ['missingOnA', 'missingOnB'])),
  stale: check => sumOf(check, ['staleOnA', 'staleOnB']),
  resurrected: ({findings}) => findings.resurrected,
  phantom: ({findings}) => findings.phantom,
  foreign: ({findings}) => findings.foreign,
  corrupt: ({findings}) => findings.corrupt,
  evicted: ({evicted}) => evicted,
  expired: ({expired}) => expired,
  undecided: ({undecided}) => undecided,
}

/** What can be asserted of what the nodes held after a load. @param prefix of the names, with its dot */
export function consistencyMeasures<Result>(
  prefix: string,
  checkOf: (result: Result) => ConsistencyCheck | null,
): Measure<Result>[] {
  return Object.entries(counts).map(([name, count]) => ({
    name: `${prefix}${name}`,
    unit: 'count',
    better: 'lower',
    read: result => {
      const check = checkOf(result)
      return check === null ? null : count(check)
    },
  }))
}

/** Keys of which nobody knows whether they were lost or evicted make a count unknown, unless there is more for certain. */
export function withUndecided({undecided}: ConsistencyCheck, certain: number): number | null {
  return certain === 0 && undecided > 0 ? null : certain + undecided
}

export function sumOf({findings}: ConsistencyCheck, kinds: readonly FindingKind[]): number {
  return kinds.reduce((sum, kind) => sum + findings[kind], 0)
}
