/**
 * How long a load goes on: to its planned end or to where it was stopped, or
 * to the last reply after that. A wait for replies that never come is no part
 * of it: a rate over that would be of nothing but patience.
 */
export class ElapsedTime {
  #startMs = Number.POSITIVE_INFINITY
  #endMs = Number.POSITIVE_INFINITY
  #elapsedMs = 0

  /** @param endMs Infinity when it ends with its last call */
  start(startMs: number, endMs: number): void {
    this.#startMs = startMs
    this.#endMs = endMs
  }

  stop(nowMs: number): void {
    this.#endMs = Math.min(this.#endMs, nowMs)
  }

  /** Never less than it was before; 0 before the start. */
  soFarMs({nowMs, isAllSent, lastReadMs}: {nowMs: number; isAllSent: boolean; lastReadMs: number}): number {
    const isOver = isAllSent && nowMs >= this.#endMs
    const untilMs = isOver ? Math.max(this.#endMs, lastReadMs) : nowMs
    this.#elapsedMs = Math.max(this.#elapsedMs, untilMs - this.#startMs)
    return this.#elapsedMs
  }
}
