import {closeSync, openSync, readSync} from 'node:fs'
import {performance} from 'node:perf_hooks'

/** Times of a thread. */
export interface ThreadTime {
  /** Time in polls without anything to read, in ms. */
  idleMs(): number
  /** Time ready to run but without a core, in ms. */
  waitedMs(): number
  close(): void
}

/** Times of the current thread. */
export function ownThreadTime(): ThreadTime {
  const wait = openCoreWait()
  const {nodeTiming} = performance
  return {
    // Costs a third of eventLoopUtilization().
    idleMs: () => nodeTiming.idleTime,
    waitedMs: () => wait?.waitedMs() ?? 0,
    close: () => wait?.close(),
  }
}

/** The kernel is asked for waits after this much idle time, because they correct only idle time, */
const WAIT_SAMPLE_IDLE_MS = 0.5
/** and after this time anyway, so that old waits do not count as new ones. */
const WAIT_SAMPLE_MS = 10
/** Reads this close together belong to one poll. */
const SAME_POLL_MS = 0.1

/** A moment right before a poll, with the idle time until then, less waits for a core. */
interface Mark {
  atMs: number
  idleMs: number
}

/**
 * How late a thread may have read a reply. The time at which a socket became
 * readable is not known, so this is an upper bound: the reply came after the
 * previous poll began, which would have found it, and not while the thread was
 * idle in a poll, which would have ended, except for the wait for a core after it.
 */
export class ReadLateness {
  readonly #thread: ThreadTime
  /** Before the newest poll that is certainly over, and before the poll after it. */
  #before: Mark = {atMs: Number.NEGATIVE_INFINITY, idleMs: 0}
  #newest: Mark = {atMs: Number.NEGATIVE_INFINITY, idleMs: 0}
  /** Idle time since each of them, less waits for a core, at the time of the current reads. */
  #idleSinceBeforeMs = 0
  #idleSinceNewestMs = 0
  #lookedMs = Number.NEGATIVE_INFINITY
  /** Idle time at the last poll, waits for a core included; null when a poll came since. */
  #rawIdleMs: number | null = null
  #sampledMs = Number.NEGATIVE_INFINITY
  #sampledIdleMs = Number.NEGATIVE_INFINITY
  /** Waits for a core until then. */
  #waitedMs = 0

  constructor(thread: ThreadTime) {
    this.#thread = thread
    this.#waitedMs = thread.waitedMs()
  }

  /** To be called at the end of the work of each check phase of the event loop: between two calls is a poll. */
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

  /** Most ms for which the reply to a call may have waited in its socket. @param nowMs when it was read */
  ofReply(sentMs: number, nowMs: number): number {
    const beforeMs = this.#before.atMs
    if (sentMs <= beforeMs) return Math.max(0, nowMs - beforeMs - this.#idleSinceBeforeMs)
    // Sent since: idle time before that does not count for its reply.
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

/** Time that a thread has waited for a core: ready to run, and not running. */
export interface CoreWait {
  /** Waits since the thread's start, in ms; the call takes 1.5 µs. */
  waitedMs(): number
  close(): void
}

/** Waits of the current thread, from the kernel (Linux); null where it does not count them. */
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

/** The second number of `<ns on a core> <ns waiting for one> <time slices>`, without a string. */
function secondNumber(bytes: Uint8Array, length: number): number {
  let at = 0
  while (at < length && bytes[at] !== SPACE) at++
  let value = 0
  for (at++; at < length && bytes[at]! >= DIGIT_0 && bytes[at]! <= DIGIT_9; at++)
    value = value * 10 + bytes[at]! - DIGIT_0
  return value
}
