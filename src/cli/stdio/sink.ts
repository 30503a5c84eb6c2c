import {write, writeSync} from 'node:fs'
import {Socket} from 'node:net'
import {type Descriptor, openOwnPipe} from './descriptor.js'

type Done = (error: NodeJS.ErrnoException | null) => void

/** Where the bytes of an output go; one write at a time. */
export interface Sink {
  /** Bytes that the system has taken. */
  readonly taken: number
  /** A write is under way that only the reader can end: until then this process cannot exit. */
  readonly holdsProcess: boolean
  write(bytes: Buffer, done: Done): void
}

/** Small enough to see the progress of a slow reader. */
const PIECE_BYTES = 64 * 1024
/** Somebody else has made the descriptor non-blocking; nothing tells when it takes more. */
const RETRY_MS = 10

/** The way to write that leaves the mode of the descriptor as it is. */
export function openSink(fd: number, {kind}: Descriptor): Sink {
  if (kind === 'file') return new FileSink(fd)
  const own = kind === 'pipe' ? openOwnPipe(fd, 'write') : null
  return own === null ? new BlockingSink(fd) : new PipeSink(own)
}

/** A disk takes all at once, or says that it can't. */
class FileSink implements Sink {
  readonly holdsProcess = false
  readonly #fd: number
  taken = 0

  constructor(fd: number) {
    this.#fd = fd
  }

  write(bytes: Buffer, done: Done): void {
    try {
      for (let rest = bytes; rest.length > 0; ) {
        const count = writeSync(this.#fd, rest)
        this.taken += count
        rest = rest.subarray(count)
      }
    } catch (error) {
      done(error as NodeJS.ErrnoException)
      return
    }
    done(null)
  }
}

/** A pipe that was opened for ourselves alone. */
class PipeSink implements Sink {
  readonly holdsProcess = false
  readonly #socket: Socket
  taken = 0

  constructor(fd: number) {
    this.#socket = new Socket({fd, readable: false, writable: true})
    // Each write gets its error, too.
    this.#socket.on('error', () => {})
  }

  write(bytes: Buffer, done: Done): void {
    const piece = bytes.subarray(0, PIECE_BYTES)
    this.#socket.write(piece, error => {
      if (error) return done(error)
      this.taken += piece.length
      if (piece.length === bytes.length) done(null)
      else this.write(bytes.subarray(piece.length), done)
    })
  }
}

/**
 * Writes as the descriptor is, which mostly blocks: on a thread of Node.js's pool, so
 * that only that thread waits for the reader.
 */
class BlockingSink implements Sink {
  readonly #fd: number
  holdsProcess = false
  taken = 0

  constructor(fd: number) {
    this.#fd = fd
  }

  write(bytes: Buffer, done: Done): void {
    this.holdsProcess = true
    write(this.#fd, bytes, 0, Math.min(bytes.length, PIECE_BYTES), null, (error, count) => {
      this.holdsProcess = false
      if (error?.code === 'EAGAIN') setTimeout(() => this.write(bytes, done), RETRY_MS)
      else if (error) done(error)
      else {
        this.taken += count
        if (count === bytes.length) done(null)
        else this.write(bytes.subarray(count), done)
      }
    })
  }
}
