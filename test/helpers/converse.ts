import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import type {Address} from '../../src/protocol/address.js'

/** Sends the input in the given pieces, half-closes, and returns all that the server answers until it closes. */
export async function converse({host, port}: Address, ...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect({host, port, allowHalfOpen: true, noDelay: true})
  const received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  await once(socket, 'connect')
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    await new Promise<void>(resolve => {
      socket.write(bytes, () => resolve())
    })
  }
  const closed = once(socket, 'close')
  socket.end()
  await closed
  return Buffer.concat(received).toString('latin1')
}

/** One peer of a conversation in which the test waits for exact bytes. */
export class Line {
  readonly socket: Socket
  #text = ''
  #waiting: (() => void) | null = null
  ended = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1')
      this.#waiting?.()
    })
    socket.on('close', () => {
      this.ended = true
      this.#waiting?.()
    })
    socket.on('error', () => {})
  }

  static async dial({host, port}: Address): Promise<Line> {
    const socket = connect({host, port, noDelay: true})
    await once(socket, 'connect')
    return new Line(socket)
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'))
  }

  /** Everything received up to and with `end`, which is taken away. */
  async until(end: string): Promise<string> {
    await this.#wait(() => this.#text.includes(end) || this.ended)
    const at = this.#text.indexOf(end)
    if (at < 0)
      throw new Error(
        `expected ${JSON.stringify(end)}, the peer closed after ${JSON.stringify(this.#text.slice(-200))}`,
      )
    const taken = this.#text.slice(0, at + end.length)
    this.#text = this.#text.slice(taken.length)
    return taken
  }

  /** Waits for the other side to close; returns what came before. */
  async untilClosed(): Promise<string> {
    await this.#wait(() => this.ended)
    return this.#text
  }

  close(): void {
    this.socket.destroy()
  }

  async #wait(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>(resolve => {
        this.#waiting = resolve
      })
    }
    this.#waiting = null
  }
}
