/** How much of an answer is taken from a server, and how long it is waited for. */
export interface AskLimits {
  /** From the question, or the answer before, to the end of the reply; connecting counts. @default 10_000 */
  readonly timeoutMs: number
  /** A reply that is long has more time, as long as it comes no slower than that. Infinity: it has not. @default Infinity */
  readonly bytesPerSecondMin: number
  /** Of one reply, with its data blocks. @default 4 MiB */
  readonly maxBytes: number
  /** Lines of one reply. @default 16_384 */
  readonly maxLines: number
}

export const defaultLimits: AskLimits = {
  timeoutMs: 10_000,
  bytesPerSecondMin: Number.POSITIVE_INFINITY,
  maxBytes: 4 * 1024 * 1024,
  maxLines: 16_384,
}

/** For replies that are long because there is much to tell: the caller keeps little of them, and says how much that may be. */
export const bulkLimits: AskLimits = {
  ...defaultLimits,
  bytesPerSecondMin: 64 * 1024,
  maxBytes: Number.POSITIVE_INFINITY,
  maxLines: Number.POSITIVE_INFINITY,
}

/** Limits where only some are said. */
export function limitsWith(
  base: AskLimits,
  {timeoutMs, bytesPerSecondMin, maxBytes, maxLines}: AskLimitOptions = {},
): AskLimits {
  return {
    timeoutMs: timeoutMs ?? base.timeoutMs,
    bytesPerSecondMin: bytesPerSecondMin ?? base.bytesPerSecondMin,
    maxBytes: maxBytes ?? base.maxBytes,
    maxLines: maxLines ?? base.maxLines,
  }
}

export type AskLimitOptions = {readonly [Name in keyof AskLimits]?: number | undefined}

/** Larger values are not read by those who keep what they read: few servers hold such. */
export const VALUE_MAX_BYTES = 64 * 1024 * 1024
