import type {DumpHeader} from '../../../engine/transfer/dump/dump-documents.js'
import type {NotSeen} from '../../../engine/transfer/pump.js'
import {printable} from '../../../protocol/printable.js'
import {formatCount} from '../../documents/phrases/format.js'
import {moveFields, moveRows, moveVerdict} from '../../transfer/move-report.js'
import type {MoveOutcome} from '../../transfer/move-to-server.js'
import {row} from '../../transfer/transfer-text.js'

export interface RestoreFacts {
  readonly version: string
  readonly startedAt: Date
  /** Null = stdin. */
  readonly file: string | null
  /** What the dump says of itself; null when it could not be read. */
  readonly dump: DumpHeader | null
  readonly server: string
  readonly mode: 'add' | 'set'
  /** Null when nothing was written. */
  readonly outcome: MoveOutcome | null
  /** Why the restore did not come to its end. */
  readonly problem: string | null
}

/** The document of `restore --json`. */
export function restoreDocument({startedAt, outcome, ...facts}: RestoreFacts) {
  return {
    schema: 'repbench.restore/1',
    command: 'restore',
    startedAt: startedAt.toISOString(),
    ...facts,
    ...moveFields(outcome),
    verdict: moveVerdict(outcome),
  }
}

/** The same for people. */
export function formatRestore({file, dump, server, mode, outcome, problem}: RestoreFacts): string {
  return [
    `${file ?? 'stdin'}${dump === null ? '' : ` (${describeDump(dump)})`} → ${server}`,
    '',
    ...(outcome === null ? [] : moveRows(outcome, mode)),
    ...(outcome?.notSeen == null ? [] : dumpRows(outcome.notSeen)),
    ...(problem === null ? [] : [problem]),
    row('verdict', moveVerdict(outcome)),
    '',
  ].join('\n')
}

/** A file may say anything. */
function describeDump({server, serverVersion, startedAt}: DumpHeader): string {
  return printable(`${server}${serverVersion === null ? '' : ` ${serverVersion}`}, ${startedAt}`)
}

/** What a dump lacks, which no restore can mend. */
function dumpRows({hidden, unreadable, damage}: NotSeen): string[] {
  if (damage !== null) return [row('damage', `${printable(damage)}; what comes after it is not restored`)]
  if (hidden === 0 && unreadable === 0) return []
  const count = hidden === null ? 'an unknown number of' : formatCount(hidden + unreadable)
  return [row('not in the dump', `${count} items, which the server did not list or name`)]
}
