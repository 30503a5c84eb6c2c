import {divergedKinds, sumOf} from '../../assertions/consistency-measures.js'
import type {DrillResult} from './drill-result.js'

/** Counts keys on which the two nodes do not hold the same, the drill's extra keys among them. */
export function countDiverged(check: NonNullable<DrillResult['check']>, comparison: DrillResult['comparison']): number {
  const extra = Object.values(comparison?.differences ?? {}).reduce((sum, count) => sum + count, 0)
  return extra + sumOf(check, divergedKinds)
}
