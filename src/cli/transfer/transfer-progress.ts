import {printable} from '../../protocol/printable.js'
import type {TextOutput} from '../app/text-output.js'
import {formatBytesPerSecond, formatCount} from '../documents/phrases/format.js'

/** Interval of lines where they can't be redrawn. */
const LINE_EVERY_MS = 10_000
/** Interval of one line, redrawn. */
const REDRAW_EVERY_MS = 200
/** The speed of the first moments tells nothing. */
const TELLS_FROM_SECONDS = 2

interface Progress {
  readonly items: number
  /** Null = they are not moved, but counted. */
  readonly bytes: number | null
  /** Of the items that there are; null = unknown. */
  readonly of: number | null
  /** Done of all, 0 to 1; null = unknown. */
  readonly share: number | null
}

interface ProgressOptions {
  readonly stderr: TextOutput
  /** What is done to the items, in the past tense. */
  readonly verb: string
  /** Monotonic ms. @default performance.now */
  readonly now?: () => number
}

/** Shows how far items have been moved, and the time left: one line, redrawn, on a terminal; a line now and then elsewhere. */
export class TransferProgress {
  readonly #stderr: TextOutput
  readonly #verb: string
  readonly #now: () => number
  readonly #startMs: number
  #shownMs: number

  constructor({stderr, verb, now = () => performance.now()}: ProgressOptions) {
    this.#stderr = stderr
    this.#verb = verb
    this.#now = now
    this.#startMs = now()
    this.#shownMs = this.#startMs
  }

  show(progress: Progress): void {
    const nowMs = this.#now()
    if (nowMs - this.#shownMs < (this.#stderr.isTTY ? REDRAW_EVERY_MS : LINE_EVERY_MS)) return
    this.#shownMs = nowMs
    const line = renderProgress(this.#verb, progress, (nowMs - this.#startMs) / 1000)
    if (this.#stderr.isTTY) this.#stderr.raw.write(`\r${printable(line)}\x1b[K`)
    else this.#stderr.write(`${line}\n`)
  }

  /** Clears the line. */
  clear(): void {
    if (this.#stderr.isTTY) this.#stderr.raw.write('\r\x1b[K')
  }
}

/** `copied 12,000 of 100,000 items, 12.3 MB/s, 12 s left`. */
export function renderProgress(verb: string, {items, bytes, of, share}: Progress, seconds: number): string {
  const count = of === null ? formatCount(items) : `${formatCount(items)} of ${formatCount(of)}`
  const left = share === null || share <= 0 || seconds < TELLS_FROM_SECONDS ? null : (seconds * (1 - share)) / share
  return [
    `${verb} ${count} items`,
    ...(seconds < 1 || bytes === null ? [] : [formatBytesPerSecond(bytes / seconds)]),
    ...(left === null ? [] : [`${formatTimeLeft(Math.max(0, left))} left`]),
  ].join(', ')
}

function formatTimeLeft(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
