import type {FindingKind} from '../checks/ledger-verdict.js'
import type {DrillResult} from './drill-result.js'

const kinds: readonly FindingKind[] = [
  'missingOnA',
  'missingOnB',
  'staleOnA',
  'staleOnB',
  'diverged',
  'otherFlags',
  'otherExptime',
]

/** Keys on which the two nodes do not hold the same, those of the drill itself among them. */
export function differing(check: NonNullable<DrillResult['check']>, comparison: DrillResult['comparison']): number {
  const others = Object.values(comparison?.differences ?? {}).reduce((sum, count) => sum + count, 0)
  return kinds.reduce((sum, kind) => sum + check.findings[kind], others)
}
