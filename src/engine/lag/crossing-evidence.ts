import type {ProbeEvidence} from '../../server/node-api/pair-probe.js'

/** After a read that took longer the node was away: what was missing before proves nothing. */
const AWAY_MS = 400

/** When a read was sent, and when its reply came. */
interface ReadTimes {
  readonly sentAtMs: number
  readonly atMs: number
}

/** What the replies of a probe prove of whether writes cross from one node to the other. Times are on performance.now(). */
export class CrossingEvidence {
  /** When a connection was last lost: writes before that prove nothing. */
  #failedAtMs = Number.NEGATIVE_INFINITY
  #crossedAtMs: number | null = null
  #missing: ProbeEvidence['missing'] = null
  #writeProblem: string | null = null
  #readProblem: string | null = null

  get current(): Omit<ProbeEvidence, 'oldestUnseenMs'> {
    return {
      crossedAtMs: this.#crossedAtMs,
      missing: this.#missing,
      problem: this.#readProblem ?? this.#writeProblem,
    }
  }

  /** A write was acknowledged. */
  written(): void {
    this.#writeProblem = null
  }

  /** A write failed: the node may be another process now, so older writes prove nothing. */
  writeFailed(problem: string, atMs: number): void {
    this.#writeProblem = problem
    this.#fail(atMs)
  }

  /** A read was answered with items or without. */
  answered(): void {
    this.#readProblem = null
  }

  /** A read failed: likewise. */
  readFailed(problem: string, atMs: number): void {
    this.#readProblem = problem
    this.#fail(atMs)
  }

  /** A read showed a write. */
  crossed(atMs: number): void {
    this.#crossedAtMs = atMs
    this.#missing = null
  }

  /** Whether it proves something that a read does not show a write. @param storedAtMs when it was acknowledged */
  provesMissing(storedAtMs: number | null, {sentAtMs}: ReadTimes): boolean {
    return storedAtMs !== null && storedAtMs > this.#failedAtMs && storedAtMs <= sentAtMs
  }

  /** A read did not show a write that should have been there. */
  missed({sentAtMs, atMs}: ReadTimes): void {
    const wasAway = atMs - sentAtMs > AWAY_MS
    this.#missing = {sinceMs: wasAway ? atMs : (this.#missing?.sinceMs ?? atMs), untilMs: atMs}
  }

  #fail(atMs: number): void {
    this.#failedAtMs = atMs
    this.#crossedAtMs = null
    this.#missing = null
  }
}
