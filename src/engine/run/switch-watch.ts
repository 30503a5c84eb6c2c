/** Connections that switch servers within this time do so for the same reason. */
const TOGETHER_MS = 1000

/** Called once for connections that switch together. */
export type TellSwitch = (connections: number, atMs: number) => void

/** Groups connections that switch servers together, over several reports, into one event. */
export class SwitchWatch {
  readonly #tell: TellSwitch
  #seen = 0
  #waiting = 0
  #sinceMs = 0

  constructor(tell: TellSwitch) {
    this.#tell = tell
  }

  /** To be called at every report with the number of switches so far; a report without new ones ends a group. */
  reported(total: number, nowMs: number): void {
    const more = total - this.#seen
    this.#seen = total
    if (more > 0 && this.#waiting === 0) this.#sinceMs = nowMs
    this.#waiting += more
    if (more === 0 || nowMs - this.#sinceMs >= TOGETHER_MS) this.flush()
  }

  /** Ends the current group. */
  flush(): void {
    if (this.#waiting === 0) return
    this.#tell(this.#waiting, this.#sinceMs)
    this.#waiting = 0
  }

  /** Ends the current group and counts from 0 again. */
  restart(): void {
    this.flush()
    this.#seen = 0
  }
}
