import type {FindingKind} from '../check/ledger/ledger-verdict.js'
import type {ConsistencyCheck} from '../check/pair-check.js'
import type {Measure} from './measure.js'

/** Keys on which the two nodes do not hold the same. */
export const divergedKinds: readonly FindingKind[] = [
  'missingOnA',
  'missingOnB',
  'staleOnA',
  'staleOnB',
  'diverged',
  'otherFlags',
  'otherExptime',
]

interface Count {
  readonly certain: (check: ConsistencyCheck) => number
  /** Undecided keys (lost or evicted) may be of that kind. */
  readonly isBounded?: true
}

const counts: Readonly<Record<string, Count>> = {
  lost: {certain: ({lostWrites}) => lostWrites, isBounded: true},
  lostKeys: {certain: ({findings}) => findings.lost, isBounded: true},
  diverged: {certain: check => sumOf(check, divergedKinds), isBounded: true},
  missing: {certain: check => sumOf(check, ['missingOnA', 'missingOnB']), isBounded: true},
  stale: {certain: check => sumOf(check, ['staleOnA', 'staleOnB'])},
  resurrected: {certain: ({findings}) => findings.resurrected},
  phantom: {certain: ({findings}) => findings.phantom},
  foreign: {certain: ({findings}) => findings.foreign},
  corrupt: {certain: ({findings}) => findings.corrupt},
  evicted: {certain: ({evicted}) => evicted},
  expired: {certain: ({expired}) => expired},
  undecided: {certain: ({undecided}) => undecided},
}

/** Measures of what the nodes held after a load. @param prefix of the names, with its dot */
export function consistencyMeasures<Result>(
  prefix: string,
  checkOf: (result: Result) => ConsistencyCheck | null,
): Measure<Result>[] {
  return Object.entries(counts).map(([name, {certain, isBounded = false}]) =>
    boundedCount(`${prefix}${name}`, result => {
      const check = checkOf(result)
      return check === null ? null : {certain: certain(check), perhaps: isBounded ? check.undecided : 0}
    }),
  )
}

/** A count with some that may be of its kind too; unknown when none is certain. */
export function boundedCount<Result>(
  name: string,
  count: (result: Result) => {readonly certain: number; readonly perhaps: number} | null,
): Measure<Result> {
  return {
    name,
    unit: 'count',
    better: 'lower',
    read(result) {
      const counted = count(result)
      return counted === null || (counted.certain === 0 && counted.perhaps > 0) ? null : counted.certain
    },
    doubt(result) {
      const counted = count(result)
      if (counted === null || counted.perhaps === 0) return null
      const {certain, perhaps} = counted
      if (certain === 0) return {reason: `${perhaps} may be`, atLeast: null}
      return {reason: `${perhaps} more may be`, atLeast: certain, atMost: certain + perhaps}
    },
  }
}

export function sumOf({findings}: ConsistencyCheck, kinds: readonly FindingKind[]): number {
  return kinds.reduce((sum, kind) => sum + findings[kind], 0)
}
