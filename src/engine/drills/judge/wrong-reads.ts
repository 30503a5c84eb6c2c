import type {Verification} from '../../verify/verification.js'
import type {SeenFailovers} from '../failover/failover-watch.js'
import {type Failover, type KeyAtRisk, newestOf, type ReadBehind} from '../failover/failovers.js'

/** While clients change servers, and so long after the last one, some read what others wrote elsewhere. */
const SPLIT_MS = 1000

/** Reads of a drill that were not as they should be, by what explains them. */
export interface WrongReads {
  readonly total: number
  /** Of writes that were lost at a failover: they stay wrong until the key is written again. */
  readonly ofLostWrites: number
  /** While clients changed servers, and for a second after: replication is asynchronous. */
  readonly atFailover: number
  /** Missing, where nodes evicted items. */
  readonly perhapsEvicted: number
  /** What asynchronous replication does not explain; null where that is not known. */
  readonly unexplained: number | null
}

/** @param mayBeEvicted nodes evicted items, or their counts are not complete */
export function explainWrongReads(
  verification: Pick<Verification, 'stale' | 'missing' | 'foreign' | 'corrupt'>,
  {seen, mayBeEvicted}: {seen: SeenFailovers; mayBeEvicted: boolean},
): WrongReads {
  const {stale, missing, foreign, corrupt} = verification
  const total = stale + missing + foreign + corrupt
  let ofLostWrites = 0
  let atFailover = 0
  let perhapsEvicted = 0
  for (const read of seen.readsBehind) {
    if (seen.failovers.some(({keys}) => isLost(keys.get(read.key), read))) ofLostWrites++
    else if (seen.failovers.some(failover => isDuring(failover, read))) atFailover++
    else if (read.state === 'absent' && mayBeEvicted) perhapsEvicted++
  }
  const unexplained = total - ofLostWrites - atFailover - perhapsEvicted
  return {
    total,
    ofLostWrites,
    atFailover,
    perhapsEvicted,
    unexplained: unexplained > foreign + corrupt && !seen.isComplete ? null : unexplained,
  }
}

/** What was acknowledged is newer than what the new server held; where nobody knows that, RPO says so. */
function isLost(risk: KeyAtRisk | undefined, {expected}: ReadBehind): boolean {
  if (risk === undefined || expected > newestOf(risk)) return false
  return risk.held === null ? risk.isTouched : risk.held < expected
}

function isDuring({firstMs, lastMs}: Failover, {atMs}: ReadBehind): boolean {
  return atMs >= firstMs - SPLIT_MS && atMs <= lastMs + SPLIT_MS
}
