import {connect, type Socket} from 'node:net'

/**
 * An instrument: keeps so many connections to one port that never say a word, and
 * opens another for each that is closed, until it is ended.
 */
export class SilentFlood {
  readonly #to: {readonly host: string; readonly port: number; readonly localAddress?: string}
  readonly #sockets = new Set<Socket>()
  #ended = false
  /** How many were connected so far. */
  connected = 0
  /** Bytes that the other side has sent to them. */
  receivedBytes = 0

  constructor(to: {host: string; port: number; localAddress?: string}, {connections}: {connections: number}) {
    this.#to = to
    for (let count = 0; count < connections; count++) this.#open()
  }

  end(): void {
    this.#ended = true
    for (const socket of this.#sockets) socket.destroy()
  }

  #open(): void {
    const socket = connect(this.#to, () => this.connected++)
    this.#sockets.add(socket)
    socket.on('data', chunk => {
      this.receivedBytes += chunk.length
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#sockets.delete(socket)
      if (!this.#ended) setImmediate(() => this.#open())
    })
  }
}
