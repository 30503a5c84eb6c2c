/** The longest time in which a connection got no good reply, and when it was: what its client felt of a failure. */
export class ServiceGaps {
  #lastMs = Number.NaN
  #fromMs = 0
  #longestMs = 0

  /** A good reply came. */
  served(nowMs: number): void {
    const gapMs = nowMs - this.#lastMs
    // Never true before the first one.
    if (gapMs > this.#longestMs) {
      this.#longestMs = gapMs
      this.#fromMs = this.#lastMs
    }
    this.#lastMs = nowMs
  }

  /** @returns when the longest gap began and ended; `toMs` null when it lasted until `endMs`, null when it was never served */
  longest(endMs: number): {readonly fromMs: number; readonly toMs: number | null} | null {
    if (Number.isNaN(this.#lastMs)) return null
    if (endMs - this.#lastMs > this.#longestMs) return {fromMs: this.#lastMs, toMs: null}
    return {fromMs: this.#fromMs, toMs: this.#fromMs + this.#longestMs}
  }
}
