import type {ReplyKind} from '../protocol/reply-kind.js'
import {BookkeepingError} from './errors.js'
import type {Method} from './methods.js'
import type {OperationCounts} from './run-events.js'

/** Counts that only grow while a load runs; `intended` and `unsent` follow from the plan and the end. */
export interface Tally {
  sent: number
  ok: number
  hit: number
  miss: number
  readonly errors: Record<string, number>
  timedOut: number
  lostWithConnection: number
}

/** A server that sends ever new error lines must not fill the memory: beyond this many only the first word counts. */
const DISTINCT_ERRORS_MAX = 32
const ERROR_TEXT_MAX = 120

export function emptyTally(): Tally {
  return {sent: 0, ok: 0, hit: 0, miss: 0, errors: {}, timedOut: 0, lostWithConnection: 0}
}

/** Books a reply to one operation. */
export function bookReply(
  tally: Tally,
  reply: {method: Method; kind: ReplyKind; values: number; line: () => string},
): void {
  const {method, kind, values} = reply
  if (kind === method.ok) {
    if (!method.reads) tally.ok++
    else if (values === 0) tally.miss++
    else {
      tally.ok++
      tally.hit++
    }
  } else if (method.misses.includes(kind)) tally.miss++
  else addTo(tally.errors, errorName(tally, kind, reply.line))
}

/** Errors by the server's own words, so that "out of memory" and "too large" stay apart. */
function errorName(tally: Tally, kind: ReplyKind, line: () => string): string {
  const text = kind === 'unknown' ? '' : line().slice(0, ERROR_TEXT_MAX)
  if (text === '') return 'unknown reply'
  const known = Object.hasOwn(tally.errors, text) || Object.keys(tally.errors).length < DISTINCT_ERRORS_MAX
  return known ? text : text.split(' ', 1)[0]!
}

export function addTo(counts: Record<string, number>, name: string, count = 1): void {
  counts[name] = (counts[name] ?? 0) + count
}

export function mergeTallies(tallies: readonly Tally[]): Tally {
  const sum = emptyTally()
  for (const tally of tallies) {
    sum.sent += tally.sent
    sum.ok += tally.ok
    sum.hit += tally.hit
    sum.miss += tally.miss
    sum.timedOut += tally.timedOut
    sum.lostWithConnection += tally.lostWithConnection
    for (const [name, count] of Object.entries(tally.errors)) addTo(sum.errors, name, count)
  }
  return sum
}

export function countErrors(errors: Readonly<Record<string, number>>): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0)
}

/** Operations that got their reply, good or bad. */
export function countReplies(tally: Readonly<Pick<Tally, 'ok' | 'miss' | 'errors'>>): number {
  return tally.ok + tally.miss + countErrors(tally.errors)
}

/** @throws BookkeepingError when an operation was lost from the books or counted twice */
export function checkBooks(counts: OperationCounts): void {
  const {intended, sent, unsent, ok, miss, timedOut, lostWithConnection} = counts
  if (intended !== sent + unsent) {
    throw new BookkeepingError(`Expected intended = sent + unsent, got ${intended} ≠ ${sent} + ${unsent}`)
  }
  const settled = countReplies(counts) + timedOut + lostWithConnection
  if (sent !== settled) {
    throw new BookkeepingError(
      `Expected sent = ok + miss + errors + timedOut + lostWithConnection, got ${sent} ≠ ` +
        `${ok} + ${miss} + ${countErrors(counts.errors)} + ${timedOut} + ${lostWithConnection}`,
    )
  }
}
