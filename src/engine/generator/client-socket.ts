import net from 'node:net'

/** Larger than any write, so that a write never asks for a drain event: these cost time at every write. */
const WRITE_BUFFER_BYTES = 64 * 1024 * 1024
const nothing = Buffer.alloc(0)

/** A TCP address or a unix socket. */
export type SocketTarget = {readonly host: string; readonly port: number} | {readonly path: string}

interface ClientSocketOptions {
  readonly target: SocketTarget
  readonly noDelay: boolean
  /** May be shared by all sockets: it is read before onRead returns. */
  readonly readBuffer: Buffer
}

/** Events of a socket; none after destroy() or reset(). */
export interface ClientSocketEvents {
  onConnect(): void
  onRead(byteCount: number, bytes: Uint8Array): void
  /** It has accepted all bytes of a write that it could not take at once. */
  onFlushed(): void
  onError(error: NodeJS.ErrnoException): void
  /** The server sends nothing more. */
  onEnd?(): void
  onClose(): void
}

/** A client socket of a load generator: reads without copies, and tells when a write did not fit. */
export class ClientSocket {
  readonly #socket: net.Socket
  readonly #events: ClientSocketEvents
  #released = false

  /** Begins to connect. */
  constructor({target, noDelay, readBuffer}: ClientSocketOptions, events: ClientSocketEvents) {
    this.#events = events
    // A variable, because the types of connect() leave out highWaterMark, which it hands on to the stream.
    const options = {
      ...target,
      noDelay: noDelay && 'port' in target,
      highWaterMark: WRITE_BUFFER_BYTES,
      onread: {
        buffer: readBuffer,
        callback: (byteCount: number, bytes: Uint8Array) => {
          if (!this.#released) events.onRead(byteCount, bytes)
          return true
        },
      },
    }
    const socket = net.connect(options)
    this.#socket = socket
    socket.on('connect', () => {
      if (!this.#released) events.onConnect()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.#released) events.onError(error)
    })
    socket.on('end', () => {
      if (!this.#released) events.onEnd?.()
    })
    socket.on('close', () => {
      if (!this.#released) events.onClose()
    })
  }

  /** The socket has not accepted all bytes yet. */
  get backedUp(): boolean {
    return this.#socket.writableLength > 0
  }

  /**
   * Hands bytes to the socket.
   * @returns whether it accepted them all; if not, they must not be changed until onFlushed()
   */
  write(bytes: Buffer): boolean {
    const socket = this.#socket
    // Bytes of an earlier write are still waiting: these wait in a copy.
    socket.write(socket.writableLength === 0 ? bytes : Buffer.from(bytes))
    return socket.writableLength === 0 || this.#awaitFlush()
  }

  /** The same for bytes in pieces, which must never change. */
  writePieces(pieces: Iterable<Buffer>): boolean {
    const socket = this.#socket
    socket.cork()
    for (const piece of pieces) socket.write(piece)
    socket.uncork()
    return socket.writableLength === 0 || this.#awaitFlush()
  }

  /** Closes it; no event follows. */
  destroy(): void {
    this.#released = true
    this.#socket.destroy()
  }

  /** Closes it with RST, so that its port is free at once; no event follows. */
  reset(): void {
    this.#released = true
    this.#socket.resetAndDestroy()
  }

  #awaitFlush(): false {
    this.#socket.write(nothing, () => {
      if (!this.#released) this.#events.onFlushed()
    })
    return false
  }
}
