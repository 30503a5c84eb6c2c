import {setTimeout as delay} from 'node:timers/promises'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import type {Found} from './key-reader.js'

/** Whether a write arrived on the other node. */
export type Arrival =
  | {readonly arrived: true; readonly lagMs: number}
  | {readonly arrived: false; readonly afterMs: number; readonly found: 'missing' | 'different' | 'silent'}

export interface ArrivalOptions {
  /** Reads the key on the node that was written to. */
  readonly readHere: () => Promise<Found>
  /** And on the one that should get it. */
  readonly readThere: () => Promise<Found>
  /** When the write was acknowledged: monotonic ms. */
  readonly sinceMs: number
  readonly limitMs: number
  readonly now: () => number
}

/** For so long it reads again at once, to measure the lag; then in steps, for it is an outage. */
const EAGER_MS = 20
const STEP_MS = 10

/** Waits until both nodes hold the same. */
export async function awaitArrival(options: ArrivalOptions): Promise<Arrival> {
  const {readHere, readThere, sinceMs, limitMs, now} = options
  let here = await readHere()
  for (;;) {
    const there = await readThere()
    const passedMs = now() - sinceMs
    if (isSame(here, there)) return {arrived: true, lagMs: passedMs}
    if (passedMs > limitMs) return {arrived: false, afterMs: passedMs, found: differenceOf(here, there)}
    if (passedMs < EAGER_MS) continue
    await delay(STEP_MS)
    // Somebody may have written again meanwhile.
    here = await readHere()
  }
}

export function isSame(a: Found, b: Found): boolean {
  if (a === 'silent' || b === 'silent') return false
  return a?.reply === b?.reply
}

function differenceOf(here: Found, there: Found): 'missing' | 'different' | 'silent' {
  if (here === 'silent' || there === 'silent') return 'silent'
  return there === null ? 'missing' : 'different'
}

const writes: ReadonlyMap<string, readonly ReplyKind[]> = new Map<string, readonly ReplyKind[]>(
  Object.entries({
    set: ['stored'],
    add: ['stored'],
    replace: ['stored'],
    append: ['stored'],
    prepend: ['stored'],
    cas: ['stored'],
    delete: ['deleted'],
    incr: ['number'],
    decr: ['number'],
    ms: ['hd'],
    md: ['hd'],
    ma: ['hd', 'va'],
  }),
)

/** The key that a request has changed, by its first line and the reply; null when it has changed none. */
export function changedKey(line: string, kind: ReplyKind): string | null {
  const [verb = '', key = '', ...rest] = line.split(' ').filter(word => word !== '')
  // A key in base64 is another one to `get`.
  const isBase64 = verb.length === 2 && rest.includes('b')
  return key !== '' && !isBase64 && writes.get(verb)?.includes(kind) === true ? key : null
}
