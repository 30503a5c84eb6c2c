import type {Socket} from 'node:net'
import type {NodeCounters} from '../node/node-counters.js'

/**
 * Serves at most `-c` clients. As in the backlog of a memcached that has stopped
 * accepting, further clients are connected but not read until one leaves.
 */
export class ClientAdmission {
  readonly #limit: number
  readonly #waitingLimit: number
  readonly #rejects: boolean
  readonly #counters: NodeCounters
  readonly #admit: (socket: Socket) => void
  #waiting: Socket[] = []
  #inside = 0

  constructor(options: {
    limit: number
    /** Most clients that wait; more are turned away. */
    waitingLimit: number
    /** Turn clients away at the limit instead of letting them wait. */
    rejects: boolean
    counters: NodeCounters
    admit: (socket: Socket) => void
  }) {
    this.#limit = options.limit
    this.#waitingLimit = options.waitingLimit
    this.#rejects = options.rejects
    this.#counters = options.counters
    this.#admit = options.admit
  }

  arrived(socket: Socket): void {
    if (this.#inside < this.#limit) {
      this.#enter(socket)
      return
    }
    if (this.#rejects) {
      this.#counters.rejectedConnections++
      socket.end('ERROR Too many open connections\r\n', () => socket.destroy())
      return
    }
    if (this.#counters.acceptingConnections) this.#stopAccepting()
    // A waiting client's reset is noticed when its turn comes.
    socket.on('error', () => {})
    if (this.#waiting.length < this.#waitingLimit) this.#waiting.push(socket)
    else socket.resetAndDestroy()
  }

  left(): void {
    this.#inside--
    if (this.#counters.acceptingConnections) return
    this.#counters.acceptingConnections = true
    const next = this.#waiting.shift()
    if (next !== undefined) this.#enter(next)
    if (this.#waiting.length > 0) this.#stopAccepting()
  }

  close(): void {
    for (const socket of this.#waiting) socket.destroy()
    this.#waiting = []
  }

  #enter(socket: Socket): void {
    this.#inside++
    this.#admit(socket)
  }

  #stopAccepting(): void {
    this.#counters.acceptingConnections = false
    this.#counters.listenDisabled++
  }
}
