import type {Compression} from '../../../engine/transfer/dump/block-format.js'
import type {ListedKeys} from '../../../engine/transfer/keys/list-server-keys.js'
import type {NotSeen} from '../../../engine/transfer/pump.js'
import {formatCount, formatSeconds} from '../../documents/phrases/format.js'
import {formatBytes, notSeenRows, row} from '../../transfer/transfer-text.js'

export interface DumpFacts {
  readonly version: string
  readonly startedAt: Date
  readonly seconds: number
  readonly server: string
  readonly serverVersion: string | null
  /** Null = stdout. */
  readonly file: string | null
  readonly form: 'dump' | 'text'
  readonly compression: Compression
  readonly listedBy: ListedKeys['way'] | null
  /** Keys; null when they could not be listed. */
  readonly listed: number | null
  readonly items: number
  /** Of keys and values. */
  readonly bytes: number
  /** Null when the dump did not come to its end. */
  readonly notSeen: NotSeen | null
  /** Why it did not. */
  readonly problem: string | null
  /** The file that has the items of a dump without end. */
  readonly keptIn: string | null
}

export function dumpVerdict({notSeen}: Pick<DumpFacts, 'notSeen'>): 'pass' | 'unknown' {
  return notSeen !== null && notSeen.hidden === 0 && notSeen.unreadable === 0 ? 'pass' : 'unknown'
}

/** The document of `dump --json`. */
export function dumpDocument({startedAt, ...facts}: DumpFacts) {
  return {
    schema: 'repbench.dump/1',
    command: 'dump',
    startedAt: startedAt.toISOString(),
    ...facts,
    verdict: dumpVerdict(facts),
  }
}

/** The same for people. */
export function formatDump(facts: DumpFacts): string {
  const {server, serverVersion, file, items, bytes, seconds, listedBy, notSeen, problem, keptIn} = facts
  const source = listedBy === 'given' ? 'of the list given' : `listed by ${listedBy}`
  return [
    `${server}${serverVersion === null ? '' : ` (${serverVersion})`} → ${file ?? 'stdout'}`,
    '',
    ...(problem === null || items > 0
      ? [row('items', `${formatCount(items)} (${formatBytes(bytes)}) in ${formatSeconds(seconds)}, ${source}`)]
      : []),
    ...(notSeen === null ? [] : notSeenRows(notSeen)),
    ...(problem === null ? [] : [problem]),
    ...(keptIn === null ? [] : [row('kept in', `${keptIn}, which restore reads up to its end`)]),
    row('verdict', dumpVerdict(facts)),
    '',
  ].join('\n')
}
