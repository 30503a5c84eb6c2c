import {type FileHandle, open, rename, rm, stat} from 'node:fs/promises'
import type {Writable} from 'node:stream'
import {messageOf} from '../../../protocol/errors.js'
import {DumpError} from './dump-error.js'

/** Where the bytes of a dump go. */
export interface DumpOutput {
  /** Resolves when there is room for more. @throws DumpError; nothing more can be written then */
  write(bytes: Buffer): Promise<void>
  /** All has been written. @throws DumpError */
  complete(): Promise<void>
  /** Ends before all has been written. @returns the file in which that much is kept; null where there is none */
  interrupt(): Promise<string | null>
}

interface PartOptions {
  readonly mode?: number | undefined
  readonly openFile?: typeof open
}

/**
 * A file that appears complete or not at all: until then its bytes are in FILE.part, and what was there before stays.
 * An interrupted dump is kept there, as it can be restored up to its end. A full disk gets its room back.
 */
export class PartFile implements DumpOutput {
  readonly #path: string
  readonly #part: string
  readonly #file: FileHandle
  readonly #inode: bigint

  private constructor(path: string, file: FileHandle, inode: bigint) {
    this.#path = path
    this.#part = partOf(path)
    this.#file = file
    this.#inode = inode
  }

  /**
   * @param path of a regular file or of none
   * @param options `mode`: of the file that was there before
   * @throws DumpError
   */
  static async open(path: string, {mode, openFile = open}: PartOptions = {}): Promise<PartFile> {
    const part = partOf(path)
    try {
      // Of an earlier dump that was interrupted.
      await rm(part, {force: true})
      const file = await openFile(part, 'wx', mode)
      if (mode !== undefined) await file.chmod(mode)
      const {ino} = await file.stat({bigint: true})
      return new PartFile(path, file, ino)
    } catch (error) {
      throw notWritable(part, error)
    }
  }

  async write(bytes: Buffer): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0; ) {
        const {bytesWritten} = await this.#file.write(rest)
        rest = rest.subarray(bytesWritten)
      }
    } catch (error) {
      await this.#remove()
      throw notWritable(this.#part, error, '; nothing of it is left')
    }
  }

  async complete(): Promise<void> {
    try {
      // A crash of the machine must not leave an empty file under the name of a complete one.
      await this.#file.sync()
      const {ino} = await stat(this.#part, {bigint: true})
      if (ino !== this.#inode) throw new Error('the file of another dump, which runs at the same time')
      await rename(this.#part, this.#path)
      await this.#file.close()
    } catch (error) {
      await this.#remove()
      throw notWritable(this.#part, error, '; nothing of it is left')
    }
  }

  async interrupt(): Promise<string> {
    await this.#file.close()
    return this.#part
  }

  async #remove(): Promise<void> {
    const found = await stat(this.#part, {bigint: true}).catch(() => null)
    if (found?.ino === this.#inode) await rm(this.#part, {force: true})
    await this.#file.close().catch(() => {})
  }
}

interface StreamParts {
  /** For messages. */
  readonly name: string
  readonly stream: Writable
  /** Aborted with the error of a stream that tells its errors in this way only. */
  readonly failed?: AbortSignal | undefined
  /** Aborted when a reader that takes nothing is no longer waited for. */
  readonly signal?: AbortSignal | undefined
}

/** A pipe, a device, or the standard output. */
export class StreamOutput implements DumpOutput {
  readonly #name: string
  readonly #stream: Writable
  readonly #signal: AbortSignal | undefined
  #failure: unknown = null

  constructor({name, stream, failed, signal}: StreamParts) {
    this.#name = name
    this.#stream = stream
    this.#signal = signal
    const keep = (error: unknown): void => {
      this.#failure ??= error
    }
    stream.on('error', keep)
    if (failed?.aborted) keep(failed.reason)
    failed?.addEventListener('abort', () => keep(failed.reason), {once: true})
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#signal?.aborted) return
    const {promise, resolve} = Promise.withResolvers<unknown>()
    const stopped = (): void => resolve(null)
    this.#signal?.addEventListener('abort', stopped, {once: true})
    this.#stream.write(bytes, resolve)
    const error = await promise
    this.#signal?.removeEventListener('abort', stopped)
    this.#failure ??= error ?? null
    if (this.#failure !== null) throw notWritable(this.#name, this.#failure)
  }

  /** The stream stays open: it belongs to whoever has opened it. @throws the reason of the signal */
  async complete(): Promise<void> {
    this.#signal?.throwIfAborted()
  }

  async interrupt(): Promise<null> {
    return null
  }
}

function partOf(path: string): string {
  return `${path}.part`
}

function notWritable(name: string, error: unknown, addition = ''): DumpError {
  const {code} = error as NodeJS.ErrnoException
  const got = code === 'EPIPE' ? 'no reader any more (EPIPE)' : messageOf(error)
  return new DumpError('ERR_DUMP_WRITE', `Expected to write ${name}, got ${got}${addition}`, {cause: error})
}
