/** Most connections that wait; each further one displaces an old one. */
const MOST_WAITING = 256

interface Waits<Peer> {
  readonly peer: Peer
  readonly address: string
  /** Whether a later connection has come from its address. */
  readonly displaced: boolean
}

interface Waiting<Peer> extends Waits<Peer> {
  readonly sinceMs: number
  deadlineMs: number
  displaced: boolean
}

/**
 * Connections to a replication port that have sent no frame yet. Pure: knows no
 * sockets and is given the time.
 *
 * One connection per address may be silent for `silenceMs`. When others come from
 * its address, the newest stays, so that a flood of silent connections never keeps
 * out a peer that sends its first frame at once. Displaced connections keep
 * `displacedMs`, because their first frame may be on its way.
 */
export class WaitingPeers<Peer> {
  readonly #limits: {readonly silenceMs: number; readonly displacedMs: number}
  /** In order of arrival. */
  readonly #waiting = new Map<Peer, Waiting<Peer>>()
  readonly #newestOf = new Map<string, Waiting<Peer>>()

  /**
   * @param limits silenceMs: how long the newest connection of an address may be
   * silent; displacedMs: how long the others may
   */
  constructor(limits: {silenceMs: number; displacedMs: number}) {
    this.#limits = limits
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Adds a connection; returns the one that must go for it, or null. */
  arrive({peer, address, nowMs}: {peer: Peer; address: string; nowMs: number}): Waits<Peer> | null {
    const outOfRoom = this.#waiting.size < MOST_WAITING ? null : this.#oldest()
    if (outOfRoom !== null) this.leave(outOfRoom.peer)
    const before = this.#newestOf.get(address)
    if (before !== undefined) {
      before.displaced = true
      before.deadlineMs = Math.min(before.deadlineMs, Math.max(nowMs, before.sinceMs + this.#limits.displacedMs))
    }
    const waiting = {peer, address, sinceMs: nowMs, deadlineMs: nowMs + this.#limits.silenceMs, displaced: false}
    this.#waiting.set(peer, waiting)
    this.#newestOf.set(address, waiting)
    return outOfRoom
  }

  /** Removes a connection that has sent a frame, or is gone; false when it was not waiting. */
  leave(peer: Peer): boolean {
    const waiting = this.#waiting.get(peer)
    if (waiting === undefined) return false
    this.#waiting.delete(peer)
    if (this.#newestOf.get(waiting.address) === waiting) this.#newestOf.delete(waiting.address)
    return true
  }

  /** Connections whose time is over; they stay until they leave(). */
  overdue(nowMs: number): Waits<Peer>[] {
    return [...this.#waiting.values()].filter(({deadlineMs}) => deadlineMs <= nowMs)
  }

  /** Earliest deadline; null when none waits. */
  get nextDeadlineMs(): number | null {
    let next: number | null = null
    for (const {deadlineMs} of this.#waiting.values()) next = next === null ? deadlineMs : Math.min(next, deadlineMs)
    return next
  }

  /** Removes and returns all. */
  clear(): Peer[] {
    const peers = [...this.#waiting.keys()]
    this.#waiting.clear()
    this.#newestOf.clear()
    return peers
  }

  /** The oldest displaced connection, else the oldest of all. */
  #oldest(): Waits<Peer> | null {
    let first: Waits<Peer> | null = null
    for (const waiting of this.#waiting.values()) {
      if (waiting.displaced) return waiting
      first ??= waiting
    }
    return first
  }
}
