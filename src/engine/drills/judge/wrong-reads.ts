import type {Verification} from '../../verify/verification.js'
import type {SeenFailovers} from '../failover/failover-watch.js'
import {type Failover, type KeyAtRisk, newestOf, type ReadBehind} from '../failover/failovers.js'

/** Around a failover some clients read what others wrote to the other node; it begins and ends this much later. */
const SPLIT_MS = 1000

/** Wrong reads of a drill, by what explains them. */
export interface WrongReads {
  readonly total: number
  /** Reads of writes lost at a failover: wrong until the key is written again. */
  readonly ofLostWrites: number
  /** While clients changed servers, and for a second after: replication is asynchronous. */
  readonly atFailover: number
  /** Missing, and nodes evicted items. */
  readonly perhapsEvicted: number
  /** Not explained by asynchronous replication; null when unknown. */
  readonly unexplained: number | null
}

/** Sorts wrong reads by what explains them. @param mayBeEvicted nodes evicted items, or their counts are not complete */
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

/** The new server held less than was acknowledged; when that is unknown, the RPO says so. */
function isLost(risk: KeyAtRisk | undefined, {expected}: ReadBehind): boolean {
  if (risk === undefined || expected > newestOf(risk)) return false
  return risk.held === null ? risk.isTouched : risk.held < expected
}

function isDuring({firstMs, lastMs}: Failover, {atMs}: ReadBehind): boolean {
  return atMs >= firstMs - SPLIT_MS && atMs <= lastMs + SPLIT_MS
}
