import {toPrintable} from '../../protocol/printable.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import type {Method} from '../data/methods.js'
import {BookkeepingError} from '../errors.js'

/** Counts of operations: intended = sent + unsent; sent = ok + miss + errors + timedOut + lostWithConnection + unanswered. */
export interface OperationCounts {
  readonly intended: number
  readonly sent: number
  readonly unsent: number
  /** Answered with success, hits included. */
  readonly ok: number
  readonly hit: number
  readonly miss: number
  /** Text of the server's error reply → count. */
  readonly errors: Readonly<Record<string, number>>
  readonly timedOut: number
  /** In flight when their connection failed. */
  readonly lostWithConnection: number
  /** Without a reply when the load ended, on a connection that had not failed. */
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

/** Failure of a connection that the server refused for having too many. */
export const TURNED_AWAY = 'turned away'

/** Most kinds of errors: further ones count as `other`, so that a server cannot fill memory and documents. */
const DISTINCT_KINDS_MAX = 32
const KIND_TEXT_MAX = 120
/** Name of the kinds that are counted together. */
export const OTHER_KINDS = 'other'

export function emptyTally(): Tally {
  return {sent: 0, ok: 0, hit: 0, miss: 0, errors: {}, timedOut: 0, lostWithConnection: 0, unanswered: 0}
}

/** Counts a reply to one operation. */
export function countReply(
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
  // By the text of the reply, so that "out of memory" and "too large" stay apart.
  else addKind(tally.errors, toPrintable(Buffer.from(reply.line(), 'latin1')))
}

/**
 * Adds to the count of a kind; after the first few kinds, to that of the others.
 * @returns the name of the count
 */
export function addKind(counts: Record<string, number>, name: string, count = 1): string {
  const text = nameOfCount(name)
  // One name is left for the others.
  const known = Object.hasOwn(counts, text) || Object.keys(counts).length < DISTINCT_KINDS_MAX - 1
  const kind = known ? text : OTHER_KINDS
  counts[kind] = countOf(counts, kind) + count
  return kind
}

/** The count of a kind, 0 for a new one; also of a kind called `constructor`, which every object has. */
export function countOf(counts: Readonly<Record<string, number>>, kind: string): number {
  return Object.hasOwn(counts, kind) ? counts[kind]! : 0
}

/** A key for a count: an object cannot hold a number under `__proto__`. */
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

/** Operations that the server did; a get that misses is one. */
export function countSuccesses(tally: Readonly<Pick<Tally, 'ok' | 'miss'>>): number {
  return tally.ok + tally.miss
}

/** Operations that were sent and not done, for any reason. */
export function countFailures(
  tally: Readonly<Pick<OperationCounts, 'errors' | 'timedOut' | 'lostWithConnection' | 'unanswered'>>,
): number {
  return countErrors(tally.errors) + tally.timedOut + tally.lostWithConnection + tally.unanswered
}

/** Checks that the counts add up. @throws BookkeepingError when an operation is missing or was counted twice */
export function checkCounts(counts: OperationCounts): void {
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
