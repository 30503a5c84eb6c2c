import {toPrintable} from '../../protocol/printable.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import type {Method} from '../data/methods.js'
import {BookkeepingError} from '../errors.js'

/** Counts of operations. intended = sent + unsent; sent = ok + miss + errors + timedOut + lostWithConnection + unanswered. */
export interface OperationCounts {
  readonly intended: number
  readonly sent: number
  readonly unsent: number
  /** Answered as the method wants, hits among them. */
  readonly ok: number
  readonly hit: number
  readonly miss: number
  /** Server's answer or connection failure → count. */
  readonly errors: Readonly<Record<string, number>>
  readonly timedOut: number
  /** Under way when their connection failed. */
  readonly lostWithConnection: number
  /** Without a reply when the load ended, on a connection that was well. */
  readonly unanswered: number
}

/** Counts that only grow while a load runs; `intended` and `unsent` follow from the plan and the end. */
export interface Tally {
  sent: number
  ok: number
  hit: number
  miss: number
  readonly errors: Record<string, number>
  timedOut: number
  lostWithConnection: number
  unanswered: number
}

/** How a connection failed that the server had no place for. */
export const TURNED_AWAY = 'turned away'

/** A server that sends ever new error lines must not fill memory and documents: kinds beyond this many are `other`. */
const DISTINCT_KINDS_MAX = 32
const KIND_TEXT_MAX = 120
/** The name of the kinds that are counted together. */
export const OTHER_KINDS = 'other'

export function emptyTally(): Tally {
  return {sent: 0, ok: 0, hit: 0, miss: 0, errors: {}, timedOut: 0, lostWithConnection: 0, unanswered: 0}
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
  // By the server's own words, so that "out of memory" and "too large" stay apart.
  else addKind(tally.errors, toPrintable(Buffer.from(reply.line(), 'latin1')))
}

/**
 * Counts something of a kind, under the kind's name; of few kinds, whatever names come.
 * @returns the name that it was counted under
 */
export function addKind(counts: Record<string, number>, name: string, count = 1): string {
  const text = nameOfCount(name)
  // One place is kept for the others.
  const known = Object.hasOwn(counts, text) || Object.keys(counts).length < DISTINCT_KINDS_MAX - 1
  const kind = known ? text : OTHER_KINDS
  counts[kind] = countOf(counts, kind) + count
  return kind
}

/** How often a kind was counted, whatever it is called: `constructor` is a name that every object knows. */
export function countOf(counts: Readonly<Record<string, number>>, kind: string): number {
  return Object.hasOwn(counts, kind) ? counts[kind]! : 0
}

/** A server may say this one name too, under which an object takes no number. */
function nameOfCount(name: string): string {
  return name === '__proto__' ? `'${name}'` : name.slice(0, KIND_TEXT_MAX)
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
    sum.unanswered += tally.unanswered
    for (const [name, count] of Object.entries(tally.errors)) addKind(sum.errors, name, count)
  }
  return sum
}

export function countErrors(errors: Readonly<Record<string, number>>): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0)
}

/** Operations that the server did; to find nothing under a key is to do a get. */
export function countSuccesses(tally: Readonly<Pick<Tally, 'ok' | 'miss'>>): number {
  return tally.ok + tally.miss
}

/** Operations that were sent and not done, whatever the reason. */
export function countFailures(
  tally: Readonly<Pick<OperationCounts, 'errors' | 'timedOut' | 'lostWithConnection' | 'unanswered'>>,
): number {
  return countErrors(tally.errors) + tally.timedOut + tally.lostWithConnection + tally.unanswered
}

/** @throws BookkeepingError when an operation was lost from the books or counted twice */
export function checkBooks(counts: OperationCounts): void {
  const {intended, sent, unsent, ok, miss, timedOut, lostWithConnection, unanswered} = counts
  if (intended !== sent + unsent) {
    throw new BookkeepingError(`Expected intended = sent + unsent, got ${intended} ≠ ${sent} + ${unsent}`)
  }
  const settled = countSuccesses(counts) + countFailures(counts)
  if (sent !== settled) {
    throw new BookkeepingError(
      `Expected sent = ok + miss + errors + timedOut + lostWithConnection + unanswered, got ${sent} ≠ ` +
        `${ok} + ${miss} + ${countErrors(counts.errors)} + ${timedOut} + ${lostWithConnection} + ${unanswered}`,
    )
  }
}
