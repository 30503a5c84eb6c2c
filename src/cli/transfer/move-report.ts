import {formatCount, formatSeconds} from '../documents/phrases/format.js'
import type {MoveOutcome} from './move-to-server.js'
import {countRows, formatBytes, refusedCount, refusedHow, row} from './transfer-text.js'

/** `fail`: items are missing for sure. `unknown`: the move has not come to its end, or a file is damaged. */
export function moveVerdict(outcome: MoveOutcome | null): 'pass' | 'fail' | 'unknown' {
  if (outcome === null) return 'unknown'
  const {counts, evicted, notSeen, isEvicting} = outcome
  if (isEvicting) return 'fail'
  if (notSeen === null || notSeen.damage !== null) return 'unknown'
  return refusedCount(counts) > 0 || evicted > 0 ? 'fail' : 'pass'
}

/** What a document tells of a move; null where nothing was written. */
export function moveFields(outcome: MoveOutcome | null) {
  return {
    seconds: outcome?.seconds ?? null,
    counts: outcome?.counts ?? null,
    refusal: outcome?.refusal ?? null,
    refusedExamples: outcome?.refusedExamples ?? [],
    evicted: outcome?.evicted ?? null,
    notSeen: outcome?.notSeen ?? null,
  }
}

/** The lines of a report on what the server got. */
export function moveRows(outcome: MoveOutcome, mode: 'add' | 'set'): string[] {
  const {counts, seconds, refusedExamples, refusal, evicted} = outcome
  return [
    row('written', `${formatCount(counts.written)} (${formatBytes(counts.writtenBytes)}) in ${formatSeconds(seconds)}`),
    ...countRows(counts, mode),
    ...refusedExamples.map(({key, how, bytes}) => `  ${key}  ${refusedHow(how)}: ${formatBytes(bytes)}`),
    ...(refusal === null ? [] : [row('the server said', refusal)]),
    ...(evicted === 0 ? [] : [row('evicted', `${formatCount(evicted)}, by the server, to make room`)]),
  ]
}

/** One line for an operator who has pressed Ctrl-C. */
export function describeInterruptedMove(outcome: MoveOutcome | null): string {
  const written = outcome?.counts.written ?? 0
  return `repbench: interrupted after ${formatCount(written)} items; run it again for the rest: what is there stays\n`
}
