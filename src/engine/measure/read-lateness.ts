import {closeSync, openSync, readSync} from 'node:fs'
import {performance} from 'node:perf_hooks'

/** What a thread can tell of its own time. */
export interface ThreadTime {
  /** Spent in polls that had nothing to read, in ms. */
  idleMs(): number
  /** Spent ready to run and without a core, in ms. */
  waitedMs(): number
  close(): void
}

/** Of the thread that calls it. */
export function ownThreadTime(): ThreadTime {
  const wait = openCoreWait()
  const {nodeTiming} = performance
  return {
    // A third of what eventLoopUtilization() costs.
    idleMs: () => nodeTiming.idleTime,
    waitedMs: () => wait?.waitedMs() ?? 0,
    close: () => wait?.close(),
  }
}

/** The kernel is asked for waits after so much idling, for only what was idled is corrected by them, */
const WAIT_SAMPLE_IDLE_MS = 0.5
/** and after that long anyway, so that older waits do not count as newer ones. */
const WAIT_SAMPLE_MS = 10
/** Reads so close together are of one poll. */
const SAME_POLL_MS = 0.1

/** A moment right before a poll, with what the thread had idled until then, waits for a core taken off. */
interface Mark {
  atMs: number
  idleMs: number
}

/**
 * How late a thread may have come to read a reply. Nobody tells when a socket
 * became ready, so this is an upper bound: not before the poll before this one
 * began, which would have found it, and not while the thread idled in a poll,
 * which would have ended, but for the time that it then waited for a core.
 */
export class ReadLateness {
  readonly #thread: ThreadTime
  /** Before the newest poll that is over for certain, and before the one after it. */
  #before: Mark = {atMs: Number.NEGATIVE_INFINITY, idleMs: 0}
  #newest: Mark = {atMs: Number.NEGATIVE_INFINITY, idleMs: 0}
  /** Idle since each of them, waits for a core taken off, as of the reads of this moment. */
  #idleSinceBeforeMs = 0
  #idleSinceNewestMs = 0
  #lookedMs = Number.NEGATIVE_INFINITY
  /** As of the last poll, waits for a core not taken off; null: there was one since. */
  #rawIdleMs: number | null = null
  #sampledMs = Number.NEGATIVE_INFINITY
  #sampledIdleMs = Number.NEGATIVE_INFINITY
  /** As of then. */
  #waitedMs = 0

  constructor(thread: ThreadTime) {
    this.#thread = thread
    this.#waitedMs = thread.waitedMs()
  }

  /** To be called in the check phases of the event loop when their work is done: between two calls lies a poll. */
  checked(nowMs: number): void {
    const mark = this.#before
    this.#before = this.#newest
    this.#newest = mark
    mark.atMs = nowMs
    mark.idleMs = (this.#rawIdleMs ?? this.#thread.idleMs()) - this.#waitedMs
    this.#rawIdleMs = null
    this.#lookedMs = Number.NEGATIVE_INFINITY
  }

  /** Bytes were read; to be called before their replies. */
  read(nowMs: number): void {
    if (nowMs - this.#lookedMs < SAME_POLL_MS) return
    this.#lookedMs = nowMs
    const rawIdleMs = this.#thread.idleMs()
    this.#rawIdleMs = rawIdleMs
    if (rawIdleMs - this.#sampledIdleMs >= WAIT_SAMPLE_IDLE_MS || nowMs - this.#sampledMs >= WAIT_SAMPLE_MS) {
      this.#sampledMs = nowMs
      this.#sampledIdleMs = rawIdleMs
      this.#waitedMs = this.#thread.waitedMs()
    }
    const idleMs = rawIdleMs - this.#waitedMs
    this.#idleSinceBeforeMs = Math.max(0, idleMs - this.#before.idleMs)
    this.#idleSinceNewestMs = Math.max(0, idleMs - this.#newest.idleMs)
  }

  /** For how long at most the reply to a call may have lain in its socket, in ms. @param nowMs when it was read */
  ofReply(sentMs: number, nowMs: number): number {
    const beforeMs = this.#before.atMs
    if (sentMs <= beforeMs) return Math.max(0, nowMs - beforeMs - this.#idleSinceBeforeMs)
    // Sent since: what the thread idled before that says nothing of its reply.
    return Math.max(0, nowMs - sentMs - (sentMs <= this.#newest.atMs ? this.#idleSinceNewestMs : 0))
  }

  close(): void {
    this.#thread.close()
  }
}

const SPACE = 0x20
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const NS_PER_MS = 1e6

/** How long the thread that opened it has waited for a core: ready to run, and not running. */
export interface CoreWait {
  /** Since the thread's start, in ms; takes 1.5 µs. */
  waitedMs(): number
  close(): void
}

/** By the kernel's own account; null where it keeps none (Linux does). */
export function openCoreWait(): CoreWait | null {
  const bytes = Buffer.alloc(64)
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r')
    return {
      waitedMs: () => secondNumber(bytes, readSync(file, bytes, 0, bytes.length, 0)) / NS_PER_MS,
      close: () => closeSync(file),
    }
  } catch {
    return null
  }
}

/** Of `<ns on a core> <ns waiting for one> <time slices>`; no string is made. */
function secondNumber(bytes: Uint8Array, length: number): number {
  let at = 0
  while (at < length && bytes[at] !== SPACE) at++
  let value = 0
  for (at++; at < length && bytes[at]! >= DIGIT_0 && bytes[at]! <= DIGIT_9; at++)
    value = value * 10 + bytes[at]! - DIGIT_0
  return value
}
