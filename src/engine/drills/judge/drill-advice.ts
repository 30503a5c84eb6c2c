import type {Drill} from '../contract/drill.js'
import {countDiverged} from './count-diverged.js'
import type {DrillResult} from './drill-result.js'

/** What an operator must do after a drill; null when there is nothing to do, or when that is unknown. */
export function adviseOn(
  result: Omit<DrillResult, 'advice'>,
  {advice, prevention}: Pick<Drill, 'advice' | 'prevention'>,
): string | null {
  const {times, faults} = result
  if (times === null || !times.settled) return null
  if (times.paired === null || faults.some(({wholeAfterMs}) => wholeAfterMs === null)) return advice
  const repair = repairOf(result)
  if (prevention === undefined) return repair
  return repair === null && evictedKeys(result) === 0 ? null : [repair, prevention].filter(Boolean).join(' ')
}

/** Of a pair whose nodes are linked. */
function repairOf({check, comparison, rpo}: Omit<DrillResult, 'advice'>): string | null {
  const diverged = check === null ? 0 : countDiverged(check, comparison)
  const lost = rpo?.atEnd.writes ?? 0
  if (diverged > 0) {
    return (
      'The nodes are linked but differ, and nothing repairs that: write those keys again (--findings FILE lists them), ' +
      'or restart the node with the older data.'
    )
  }
  return lost > 0 ? 'The pair recovered, but the lost writes are gone: write them again from their source.' : null
}

/** Keys that the nodes evicted, the drill's extra keys among them. */
export function evictedKeys({check, comparison}: Pick<DrillResult, 'check' | 'comparison'>): number {
  return (check?.evicted ?? 0) + (comparison?.absence === 'evicted' ? comparison.onNeither : 0)
}

/** Acknowledged extra keys of the drill that are on neither node. */
export function lostOwnKeys({comparison}: Pick<DrillResult, 'comparison'>): number {
  return comparison?.absence === 'lost' ? comparison.onNeither : 0
}
