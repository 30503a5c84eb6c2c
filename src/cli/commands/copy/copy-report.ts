import {moveFields, moveRows, moveVerdict} from '../../transfer/move-report.js'
import type {MoveOutcome} from '../../transfer/move-to-server.js'
import {notSeenRows, row} from '../../transfer/transfer-text.js'

export interface CopyFacts {
  readonly version: string
  readonly startedAt: Date
  readonly from: string
  readonly to: string
  readonly mode: 'add' | 'set'
  /** Null when nothing was written. */
  readonly outcome: MoveOutcome | null
  /** Why the copy did not come to its end. */
  readonly problem: string | null
}

/** As moveVerdict(), and `unknown` where the server holds items that were not seen. */
export function copyVerdict(outcome: MoveOutcome | null): 'pass' | 'fail' | 'unknown' {
  const verdict = moveVerdict(outcome)
  const notSeen = outcome?.notSeen
  const isWhole = notSeen?.hidden === 0 && notSeen.unreadable === 0
  return verdict === 'pass' && !isWhole ? 'unknown' : verdict
}

/** The document of `copy --json`. */
export function copyDocument({startedAt, outcome, ...facts}: CopyFacts) {
  return {
    schema: 'repbench.copy/1',
    command: 'copy',
    startedAt: startedAt.toISOString(),
    ...facts,
    ...moveFields(outcome),
    verdict: copyVerdict(outcome),
  }
}

/** The same for people. */
export function formatCopy({from, to, mode, outcome, problem}: CopyFacts): string {
  return [
    `${from} → ${to}`,
    '',
    ...(outcome === null ? [] : moveRows(outcome, mode)),
    ...(outcome?.notSeen == null ? [] : notSeenRows(outcome.notSeen)),
    ...(problem === null ? [] : [problem]),
    row('verdict', copyVerdict(outcome)),
    '',
  ].join('\n')
}
