import {differing} from './differing.js'
import type {DrillResult} from './drill-result.js'

/** What an operator has to do after a drill; null where there is nothing to do, or nobody knows. */
export function adviseOn(result: Omit<DrillResult, 'advice'>, whereNotWhole: string): string | null {
  const {times, faults, check, comparison, rpo} = result
  if (times === null || !times.settled) return null
  if (times.paired === null || faults.some(({wholeAfterMs}) => wholeAfterMs === null)) return whereNotWhole
  const differ = check === null ? 0 : differing(check, comparison)
  const lost = rpo?.writes ?? 0
  if (differ > 0) {
    return (
      'The nodes are linked but differ, and nothing repairs that: write those keys again (--findings FILE lists them), ' +
      'or restart the node whose data are the older.'
    )
  }
  if (lost > 0) return 'The pair is whole, but the lost writes are gone: write them again from where they came.'
  return null
}

/** Acknowledged keys of the drill itself that are on no node any more. */
export function lostOwnKeys({comparison}: Pick<DrillResult, 'comparison'>): number {
  return comparison?.absence === 'lost' ? comparison.onNeither : 0
}
