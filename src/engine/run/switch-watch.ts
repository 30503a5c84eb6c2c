/** Connections that change sides within so long of each other do so for the same reason. */
const TOGETHER_MS = 1000

/** Told once for connections that change sides together. */
export type TellSwitch = (connections: number, atMs: number) => void

/** Counts connections that change sides, and tells those that do so together once, however many reports that takes. */
export class SwitchWatch {
  readonly #tell: TellSwitch
  #seen = 0
  #waiting = 0
  #sinceMs = 0

  constructor(tell: TellSwitch) {
    this.#tell = tell
  }

  /** To be called at every report with how many there were so far: one without more of them ends those before it. */
  reported(total: number, nowMs: number): void {
    const more = total - this.#seen
    this.#seen = total
    if (more > 0 && this.#waiting === 0) this.#sinceMs = nowMs
    this.#waiting += more
    if (more === 0 || nowMs - this.#sinceMs >= TOGETHER_MS) this.flush()
  }

  /** Nothing more belongs to what was counted. */
  flush(): void {
    if (this.#waiting === 0) return
    this.#tell(this.#waiting, this.#sinceMs)
    this.#waiting = 0
  }

  /** It is counted from 0 again. */
  restart(): void {
    this.flush()
    this.#seen = 0
  }
}
