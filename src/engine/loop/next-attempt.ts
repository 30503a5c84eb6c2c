const BACKOFF_MIN_MS = 10
const BACKOFF_MAX_MS = 500

interface AttemptParts {
  /** Since the connection was last open. */
  readonly failures: number
  /** Nodes that take turns; 1 = there is no other. */
  readonly targets: number
  /** Further attempts at a node before its turn is over. */
  readonly retries: number
  /** Between attempts at one node; null = with backoff. */
  readonly retryDelayMs: number | null
  /** Before the first attempt after an open connection failed, where that is at the same node; null = as the others. */
  readonly firstRetryDelayMs: number | null
  /** Before another node is asked for the first time. */
  readonly failoverDelayMs: number
}

/** What a client does after its connection failed: where it tries next, and when. */
export function nextAttempt(parts: AttemptParts): {readonly switches: boolean; readonly delayMs: number} {
  const {failures, targets, retries, retryDelayMs, firstRetryDelayMs, failoverDelayMs} = parts
  const tries = retries + 1
  const switches = targets > 1 && (failures + 1) % tries === 0
  // Another node may answer at once, as long as it has not been asked yet.
  if (switches && failures < tries * (targets - 1)) return {switches, delayMs: failoverDelayMs}
  if (failures === 0 && firstRetryDelayMs !== null) return {switches, delayMs: firstRetryDelayMs}
  const round = Math.floor(failures / Math.max(targets, 1))
  return {switches, delayMs: retryDelayMs ?? Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** round)}
}
