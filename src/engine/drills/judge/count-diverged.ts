import {differing as kinds, sumOf} from '../../assertions/consistency-measures.js'
import type {DrillResult} from './drill-result.js'

/** Keys on which the two nodes do not hold the same, those of the drill itself among them. */
export function differing(check: NonNullable<DrillResult['check']>, comparison: DrillResult['comparison']): number {
  const others = Object.values(comparison?.differences ?? {}).reduce((sum, count) => sum + count, 0)
  return others + sumOf(check, kinds)
}
