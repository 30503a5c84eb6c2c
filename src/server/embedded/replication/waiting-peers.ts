/** From here on the oldest has to go for each that comes. */
const MOST_WAITING = 256

interface Waits<Peer> {
  readonly peer: Peer
  readonly address: string
  /** Whether another has come from its address. */
  readonly displaced: boolean
}

interface Waiting<Peer> extends Waits<Peer> {
  readonly sinceMs: number
  deadlineMs: number
  displaced: boolean
}

/**
 * Who has connected to a replication port and not spoken yet. Pure: knows no
 * sockets and is told the time.
 *
 * One of each address may wait until its time is over. Where others come from that
 * address, the newest stays: a flood of silent connections never keeps out one that
 * speaks as soon as it is connected. Those that it displaces keep a moment, because
 * their first words may be under way.
 */
export class WaitingPeers<Peer> {
  readonly #limits: {readonly silenceMs: number; readonly displacedMs: number}
  /** In the order of their arrival. */
  readonly #waiting = new Map<Peer, Waiting<Peer>>()
  readonly #newestOf = new Map<string, Waiting<Peer>>()

  /**
   * @param limits silenceMs: how long one of each address may be silent; displacedMs: how
   * long those may that were not the last to come from theirs
   */
  constructor(limits: {silenceMs: number; displacedMs: number}) {
    this.#limits = limits
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Returns who has to go for it, if anybody has. */
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

  /** It has spoken, or is gone. False if it was not waiting. */
  leave(peer: Peer): boolean {
    const waiting = this.#waiting.get(peer)
    if (waiting === undefined) return false
    this.#waiting.delete(peer)
    if (this.#newestOf.get(waiting.address) === waiting) this.#newestOf.delete(waiting.address)
    return true
  }

  /** Those whose time is over; they stay until they leave. */
  overdue(nowMs: number): Waits<Peer>[] {
    return [...this.#waiting.values()].filter(({deadlineMs}) => deadlineMs <= nowMs)
  }

  /** When the next one's time is over; null while nobody waits. */
  get nextDeadlineMs(): number | null {
    let next: number | null = null
    for (const {deadlineMs} of this.#waiting.values()) next = next === null ? deadlineMs : Math.min(next, deadlineMs)
    return next
  }

  /** Takes everybody out. */
  clear(): Peer[] {
    const peers = [...this.#waiting.keys()]
    this.#waiting.clear()
    this.#newestOf.clear()
    return peers
  }

  /** Whoever is displaced goes before those who are alone at their address. */
  #oldest(): Waits<Peer> | null {
    let first: Waits<Peer> | null = null
    for (const waiting of this.#waiting.values()) {
      if (waiting.displaced) return waiting
      first ??= waiting
    }
    return first
  }
}
