/** Share of the queue's limit at which clients are held, and share at which they are released. */
const HOLD_FROM = 1 / 2
const HOLD_UNTIL = 1 / 4
const FULL_FROM = 3 / 4
/** Clients no longer wait for a peer that takes nothing for so long; its queue then overflows as repcached's does. */
const WITHOUT_PROGRESS_MS = 200

/**
 * Clients released in one round. All at once would keep the event loop busy for so
 * long that the peer runs out of changes in between.
 */
const GRANTED_PER_ROUND = 64

/** What a hold needs to know of the queue and the link. */
export interface HeldLink {
  readonly depth: number
  readonly limit: number
  /** Bytes sent to the peer so far. */
  readonly sentBytes: number
}

/**
 * Slows clients down to the pace of their peer, so that the queue does not overflow
 * and end the link; but only while the peer takes anything at all.
 */
export class ClientHold {
  readonly #link: HeldLink
  #listeners: (() => void)[] | null = null
  #timer: NodeJS.Timeout | undefined
  #sentBytes = 0
  /** The peer took nothing for too long: holds no clients until the queue has drained. */
  #gaveUp = false
  #joining = false
  #granting = false

  constructor(link: HeldLink) {
    this.#link = link
  }

  get active(): boolean {
    return this.#listeners !== null
  }

  /** Nearly no room is left, or clients are held for a join: no further command should be run. */
  get full(): boolean {
    return this.active && (this.#joining || this.#link.depth >= this.#link.limit * FULL_FROM)
  }

  /** Whether the queue is so full that it should be sent now. */
  get pressing(): boolean {
    return this.#link.depth >= this.#link.limit * HOLD_FROM
  }

  whenReleased(listener: () => void): void {
    if (this.#listeners === null) listener()
    else this.#listeners.push(listener)
  }

  /** Call when the queue has grown. */
  grown(): void {
    if (this.active || this.#gaveUp || !this.pressing) return
    this.#listeners = []
    this.#sentBytes = this.#link.sentBytes
    this.#timer = setInterval(() => this.#checkProgress(), WITHOUT_PROGRESS_MS)
  }

  /** Call when something was sent. */
  shrunk(): void {
    if (this.#link.depth > this.#link.limit * HOLD_UNTIL) return
    this.#gaveUp = false
    if (this.#listeners === null || this.#joining || this.#granting) return
    this.#granting = true
    // Not now: the sending may happen in the middle of another client's commands.
    setImmediate(() => {
      this.#granting = false
      this.#grant()
    })
  }

  /** Holds until joinEnded() or end(): the incoming full sync would overwrite what clients write now. */
  joinBegun(): void {
    this.#joining = true
    this.#listeners ??= []
  }

  joinEnded(): void {
    if (this.#joining) this.end()
  }

  end(): void {
    this.#gaveUp = false
    this.#joining = false
    this.#release()
  }

  #checkProgress(): void {
    const {sentBytes} = this.#link
    this.#gaveUp = sentBytes === this.#sentBytes
    this.#sentBytes = sentBytes
    if (this.#gaveUp) this.#release()
  }

  /** Releases the clients that have waited longest; the hold ends when none waits. */
  #grant(): void {
    if (this.#listeners === null || this.#joining || this.#link.depth > this.#link.limit * HOLD_UNTIL) return
    const granted = this.#listeners.splice(0, GRANTED_PER_ROUND)
    if (granted.length === 0) {
      this.end()
      return
    }
    for (const listener of granted) listener()
    // They may write nothing, and then no sending would trigger the next round.
    this.shrunk()
  }

  #release(): void {
    clearInterval(this.#timer)
    const listeners = this.#listeners ?? []
    this.#listeners = null
    if (listeners.length === 0) return
    setImmediate(() => {
      for (const listener of listeners) listener()
    })
  }
}
