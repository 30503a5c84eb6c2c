import {closeSync, constants, existsSync, fstatSync, fsyncSync, openSync, readSync, rmSync, writeSync} from 'node:fs'

const CHUNK_BYTES = 1024 * 1024
/** Opening a pipe without a reader must not block. */
const NONBLOCK = constants.O_NONBLOCK ?? 0

/**
 * Opens a file as {@link ChunkedOutput} does, without changing it.
 * @throws the system's error, or an Error when it is not a regular file
 */
export function checkOutput(file: string): void {
  const {O_CREAT, O_WRONLY, O_NOFOLLOW} = constants
  const existed = existsSync(file)
  const descriptor = openSync(file, O_CREAT | O_WRONLY | O_NOFOLLOW | NONBLOCK, 0o600)
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error('not a regular file')
    if (!existed) rmSync(file)
  } finally {
    closeSync(descriptor)
  }
}

/** Writes a private file front to back in large blocks; blocks the thread. */
export class ChunkedOutput {
  readonly #descriptor: number
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  #used = 0
  #written = 0

  constructor(file: string) {
    const {O_CREAT, O_WRONLY, O_TRUNC, O_NOFOLLOW} = constants
    this.#descriptor = openSync(file, O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW | NONBLOCK, 0o600)
  }

  write(source: Buffer, start: number, bytes: number): void {
    for (let done = 0; done < bytes; ) {
      if (this.#used === CHUNK_BYTES) this.#flush()
      const part = Math.min(bytes - done, CHUNK_BYTES - this.#used)
      source.copy(this.#chunk, this.#used, start + done, start + done + part)
      this.#used += part
      done += part
    }
  }

  /** Flushes the file to disk and closes it; returns its length in bytes. */
  end(): number {
    this.#flush()
    fsyncSync(this.#descriptor)
    this.close()
    return this.#written
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #flush(): void {
    for (let at = 0; at < this.#used; ) at += writeSync(this.#descriptor, this.#chunk, at, this.#used - at)
    this.#written += this.#used
    this.#used = 0
  }
}

/** Reads a file front to back in large blocks. */
export class ChunkedInput {
  readonly #descriptor: number
  #chunk: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(file: string) {
    this.#descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | NONBLOCK)
  }

  /** The next bytes, valid until the next call; null when the file ends before them. */
  read(bytes: number): Buffer | null {
    if (this.#chunk.length - this.#at < bytes && !this.#fill(bytes)) return null
    this.#at += bytes
    return this.#chunk.subarray(this.#at - bytes, this.#at)
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #fill(bytes: number): boolean {
    const rest = this.#chunk.subarray(this.#at)
    const next = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, bytes))
    rest.copy(next)
    let length = rest.length
    while (length < bytes) {
      const read = readSync(this.#descriptor, next, length, next.length - length, null)
      if (read === 0) return false
      length += read
    }
    this.#chunk = next.subarray(0, length)
    this.#at = 0
    return true
  }
}
