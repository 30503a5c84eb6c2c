/** Clients are held from this share of the queue on, until it falls below the other. */
const HOLD_FROM = 1 / 2
const HOLD_UNTIL = 1 / 4
const FULL_FROM = 3 / 4
/** A peer that takes nothing for so long is not waited for any longer: the queue then overflows as repcached's does. */
const WITHOUT_PROGRESS_MS = 200

/**
 * So many clients may read once in each round. All at once would keep the event
 * loop from the link for so long that the peer runs dry in between.
 */
const GRANTED_PER_ROUND = 64

/** What a hold has to know of the link. */
export interface HeldLink {
  readonly depth: number
  readonly limit: number
  /** Bytes that the peer has taken so far. */
  readonly sentBytes: number
}

/**
 * Slows clients down to the pace of a peer that can't follow, rather than losing
 * the link to a full queue; but only while the peer takes anything at all.
 */
export class ClientHold {
  readonly #link: HeldLink
  #listeners: (() => void)[] | null = null
  #timer: NodeJS.Timeout | undefined
  #sentBytes = 0
  /** The peer took nothing for too long: no more holding before the queue has drained. */
  #gaveUp = false
  #joining = false
  #granting = false

  constructor(link: HeldLink) {
    this.#link = link
  }

  get active(): boolean {
    return this.#listeners !== null
  }

  /** Hardly any room is left, or the clients are held for a join: nothing more should be executed. */
  get full(): boolean {
    return this.active && (this.#joining || this.#link.depth >= this.#link.limit * FULL_FROM)
  }

  /** Whether the queue is so full that it should be sent at once. */
  get pressing(): boolean {
    return this.#link.depth >= this.#link.limit * HOLD_FROM
  }

  whenReleased(listener: () => void): void {
    if (this.#listeners === null) listener()
    else this.#listeners.push(listener)
  }

  /** To be called when the queue has grown. */
  grown(): void {
    if (this.active || this.#gaveUp || !this.pressing) return
    this.#listeners = []
    this.#sentBytes = this.#link.sentBytes
    this.#timer = setInterval(() => this.#checkProgress(), WITHOUT_PROGRESS_MS)
  }

  /** To be called when something was sent. */
  shrunk(): void {
    if (this.#link.depth > this.#link.limit * HOLD_UNTIL) return
    this.#gaveUp = false
    if (this.#listeners === null || this.#joining || this.#granting) return
    this.#granting = true
    // Never at once: whoever sent may be in the middle of another client's commands.
    setImmediate(() => {
      this.#granting = false
      this.#grant()
    })
  }

  /** Holds until joinEnded() or end(): what clients write now, the copy that is coming would overwrite. */
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

  /** Lets those clients on that have waited for longest; the hold is over when none waits. */
  #grant(): void {
    if (this.#listeners === null || this.#joining || this.#link.depth > this.#link.limit * HOLD_UNTIL) return
    const granted = this.#listeners.splice(0, GRANTED_PER_ROUND)
    if (granted.length === 0) {
      this.end()
      return
    }
    for (const listener of granted) listener()
    // They may have had nothing to write, and then nothing would be sent.
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
