import type {LedgerCheck} from '../checks/check-ledger.js'

/** Acknowledged writes that are gone. */
export interface DrillRpo {
  readonly writes: number
  readonly keys: number
  /**
   * From the acknowledgement of the first lost write to the fault; to that of the last one, where writes made after
   * the fault were lost too. 0 when nothing was lost; null when there were too many acknowledgements to know.
   */
  readonly ms: number | null
  /** When the first and the last lost write were acknowledged, in seconds from the start of the load. */
  readonly first: number | null
  readonly last: number | null
}

/**
 * @param startMs of the load, Unix ms
 * @param fault in seconds from then; null where there was none
 */
export function measureRpo(check: LedgerCheck, {startMs, fault}: {startMs: number; fault: number | null}): DrillRpo {
  const {lostAcks, lostWrites: writes} = check
  const keys = check.findings.lost
  if (lostAcks === null) return {writes, keys, ms: writes === 0 ? 0 : null, first: null, last: null}
  const first = (lostAcks.firstMs - startMs) / 1000
  const last = (lostAcks.lastMs - startMs) / 1000
  const ms = Math.round((Math.max(fault ?? last, last) - first) * 10_000) / 10
  return {writes, keys, ms: lostAcks.isComplete ? ms : null, first, last}
}
