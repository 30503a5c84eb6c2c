import {Writable} from 'node:stream'
import type {WriteStream} from 'node:tty'
import type {Output} from './outputs.js'
import type {Sink} from './sink.js'

/** After these nothing more can be written; a full disk may have room again. */
const finalCodes = new Set(['EPIPE', 'ECONNRESET', 'EIO', 'EBADF'])

/**
 * stdout or stderr where it is no terminal. Nobody who prints has to care for errors:
 * a write that fails is done, and `failure` says why.
 */
export class OutputStream extends Writable implements Output {
  readonly fd: number
  readonly isTTY = false
  readonly #sink: Sink
  readonly #failed = new AbortController()
  #failure: NodeJS.ErrnoException | null = null

  constructor({fd, sink}: {fd: number; sink: Sink}) {
    super({highWaterMark: 64 * 1024})
    this.fd = fd
    this.#sink = sink
  }

  /** Typed as Node.js types its own streams. */
  get stream(): WriteStream {
    return this as unknown as WriteStream
  }

  /** The first error of a write; the final one where there are several. */
  get failure(): NodeJS.ErrnoException | null {
    return this.#failure
  }

  /** Aborted with the first error. */
  get failed(): AbortSignal {
    return this.#failed.signal
  }

  get taken(): number {
    return this.#sink.taken
  }

  get holdsProcess(): boolean {
    return this.#sink.holdsProcess
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#put(chunk, done)
  }

  /** What has come while a write was under way goes out as one. */
  override _writev(chunks: {chunk: Buffer}[], done: () => void): void {
    this.#put(Buffer.concat(chunks.map(({chunk}) => chunk)), done)
  }

  #put(bytes: Buffer, done: () => void): void {
    if (bytes.length === 0 || (this.#failure !== null && finalCodes.has(this.#failure.code ?? ''))) {
      done()
      return
    }
    this.#sink.write(bytes, error => {
      if (error !== null) this.#fail(error)
      done()
    })
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#failure === null || finalCodes.has(error.code ?? '')) this.#failure = error
    this.#failed.abort(error)
  }
}
