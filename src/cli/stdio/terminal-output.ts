import type {WriteStream} from 'node:tty'

/** Internals of a Node.js stream: the descriptor that it opened for itself, and whether writing blocks. */
interface Insides {
  readonly fd: number
  readonly _handle?: {readonly fd?: number; setBlocking?(blocking: boolean): number} | null
}

/**
 * stdout or stderr on a terminal. Node.js has opened the terminal once more, for itself, and lets writes block there:
 * Ctrl-S, or a connection that is dead, would stop everything. Here they wait in the stream.
 */
export class TerminalOutput {
  readonly holdsProcess = false
  readonly stream: WriteStream
  readonly #failed = new AbortController()
  failure: NodeJS.ErrnoException | null = null

  constructor(stream: WriteStream) {
    this.stream = stream
    const {fd, _handle: handle} = stream as unknown as Insides
    // Where it could not be opened again, the descriptor is everybody's.
    if (handle?.fd !== undefined && handle.fd !== fd) handle.setBlocking?.(false)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.failure ??= error
      this.#failed.abort(error)
    })
  }

  get failed(): AbortSignal {
    return this.#failed.signal
  }

  /** Falls as bytes are taken, which is progress enough. */
  get taken(): number {
    return -this.stream.writableLength
  }
}
