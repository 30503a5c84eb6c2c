import type {LedgerCheck} from '../../check/ledger/check-ledger.js'
import {type FailoverLoss, type LossesAtFailover, lengthMs} from './failover-losses.js'

/** Acknowledged writes that were lost. */
interface LostSpan {
  readonly writes: number
  readonly keys: number
  /**
   * From the acknowledgement of the first lost write to the fault, or to that of the last one when writes after the
   * fault were lost too; the longest of a soak. 0 when nothing was lost; null when there were too many acknowledgements
   * to know.
   */
  readonly ms: number | null
  /** When the first and the last lost write were acknowledged, in seconds from the start of the load. */
  readonly first: number | null
  readonly last: number | null
}

/**
 * Acknowledged writes that were lost at the moment of a failover, whatever was
 * written later, and those that are found lost at the end.
 */
export interface DrillRpo extends LostSpan {
  /** May be lost: it is unknown what the new server held, or it was evicted there. */
  readonly unknown: number
  /** On neither node at the end. */
  readonly atEnd: LostSpan
  /** Failovers to another node, and others at which writes were or may be lost. */
  readonly failovers: readonly FailoverLoss[]
  /** Reads made to learn this, not operations of the load: on its connections, and on the drill's own. */
  readonly witnessReads: number
  readonly surveyReads: number
}

/**
 * RPO of what is on neither node at the end.
 * @param startMs of the load, Unix ms
 * @param fault in seconds from then; null without one
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

/** Joins what was lost at failovers and what is found lost at the end; counts nothing twice. */
export function joinRpo(
  atEnd: DrillRpo['atEnd'],
  {losses, check}: {losses: LossesAtFailover; check: Pick<LedgerCheck, 'undecided' | 'evicted'>},
): DrillRpo {
  const {failovers, besides, witnessReads, surveyReads} = losses
  const all = failovers.filter(({writes}) => writes > 0)
  const sum = (of: (loss: FailoverLoss) => number): number => failovers.reduce((total, loss) => total + of(loss), 0)
  const withEnd = besides.writes > 0
  // Nodes count evictions but name no key, so every eviction may hide a loss; at a failover that was examined.
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
