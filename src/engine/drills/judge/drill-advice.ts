import type {Drill} from '../contract/drill.js'
import {differing} from './count-diverged.js'
import type {DrillResult} from './drill-result.js'

/** What an operator has to do after a drill; null where there is nothing to do, or nobody knows. */
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

/** Of a pair that is linked. */
function repairOf({check, comparison, rpo}: Omit<DrillResult, 'advice'>): string | null {
  const differ = check === null ? 0 : differing(check, comparison)
  const lost = rpo?.atEnd.writes ?? 0
  if (differ > 0) {
    return (
      'The nodes are linked but differ, and nothing repairs that: write those keys again (--findings FILE lists them), ' +
      'or restart the node whose data are the older.'
    )
  }
  return lost > 0 ? 'The pair is whole, but the lost writes are gone: write them again from where they came.' : null
}

/** Keys that the nodes removed for want of room, those of the drill itself among them. */
export function evictedKeys({check, comparison}: Pick<DrillResult, 'check' | 'comparison'>): number {
  return (check?.evicted ?? 0) + (comparison?.absence === 'evicted' ? comparison.onNeither : 0)
}

/** Acknowledged keys of the drill itself that are on no node any more. */
export function lostOwnKeys({comparison}: Pick<DrillResult, 'comparison'>): number {
  return comparison?.absence === 'lost' ? comparison.onNeither : 0
}
