import type {LedgerCheck} from '../../check/ledger/check-ledger.js'
import type {NamedFindingKind} from '../../check/ledger/ledger-findings.js'
import type {FailoverLoss, LossesAtFailover} from './failover-losses.js'

/** Acknowledged writes that are gone. */
interface LostSpan {
  readonly writes: number
  readonly keys: number
  /**
   * From the acknowledgement of the first lost write to the fault; to that of the last one, where writes made after
   * the fault were lost too; of several faults the longest. 0 when nothing was lost; null when there were too many
   * acknowledgements to know.
   */
  readonly ms: number | null
  /** When the first and the last lost write were acknowledged, in seconds from the start of the load. */
  readonly first: number | null
  readonly last: number | null
}

/**
 * Acknowledged writes that were lost: at the moment of each failover, whatever
 * was written later, and what the end finds lost besides.
 */
export interface DrillRpo extends LostSpan {
  /** Lost perhaps: nobody saw what the new server held, or it was evicted there. */
  readonly unknown: number
  /** What is on neither node in the end. */
  readonly atEnd: LostSpan
  /** Those after which something was lost or nobody knows, and those to another node. */
  readonly failovers: readonly FailoverLoss[]
  /** Reads that were made to know it, which are no operations of the load: by its connections, and by others. */
  readonly witnessReads: number
  readonly surveyReads: number
}

/** A key of which the end finds that something is wrong. */
export interface JudgedKey {
  readonly key: number
  readonly kind: NamedFindingKind
  /** The newest acknowledged version that is left. */
  readonly best: number
  readonly lostVersions: number
}

/**
 * @param startMs of the load, Unix ms
 * @param fault in seconds from then; null where there was none
 */
export function measureRpoAtEnd(
  check: LedgerCheck,
  {startMs, fault}: {startMs: number; fault: number | null},
): DrillRpo['atEnd'] {
  const {lostAcks, lostWrites: writes} = check
  const keys = check.findings.lost
  if (lostAcks === null) return {writes, keys, ms: writes === 0 ? 0 : null, first: null, last: null}
  const first = (lostAcks.firstMs - startMs) / 1000
  const last = (lostAcks.lastMs - startMs) / 1000
  const ms = lengthMs({first, last, fault})
  return {writes, keys, ms: lostAcks.isComplete ? ms : null, first, last}
}

/** Puts together what was lost at failovers and what the end finds, nothing twice. */
export function joinRpo(
  atEnd: DrillRpo['atEnd'],
  {losses, check}: {losses: LossesAtFailover; check: Pick<LedgerCheck, 'undecided' | 'evicted'>},
): DrillRpo {
  const {failovers, besides, witnessReads, surveyReads} = losses
  const all = failovers.filter(({writes}) => writes > 0)
  const sum = (of: (loss: FailoverLoss) => number): number => failovers.reduce((total, loss) => total + of(loss), 0)
  const withEnd = besides.writes > 0
  // Nodes count evictions and name none: as many as they evicted may hide what was lost. At a failover that was looked at.
  const hidden = failovers.length === 0 ? check.evicted : 0
  const spans = withEnd ? [...all, atEnd] : all
  const times = spans.flatMap(({first, last}) => (first === null || last === null ? [] : [first, last]))
  const lengths = spans.map(({ms}) => ms)
  return {
    writes: sum(({writes}) => writes) + besides.writes,
    keys: losses.keys + besides.keys,
    ms: lengths.includes(null) ? null : Math.max(0, ...lengths.map(Number)),
    first: times.length === 0 ? null : Math.min(...times),
    last: times.length === 0 ? null : Math.max(...times),
    unknown: sum(({unknown}) => unknown) + Math.max(0, check.undecided - losses.undecidedSeen) + hidden,
    atEnd,
    failovers,
    witnessReads,
    surveyReads,
  }
}

/** In ms. */
export function lengthMs({first, last, fault}: {first: number; last: number; fault: number | null}): number {
  return Math.round((Math.max(fault ?? last, last) - first) * 10_000) / 10
}
