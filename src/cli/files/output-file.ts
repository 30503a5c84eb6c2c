import {
  closeSync,
  constants,
  fchmodSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {messageOf, RepbenchError} from '../../protocol/errors.js'
import {UsageError} from '../app/errors.js'
import {describeOutsideError} from '../app/outside-error.js'

const BATCH_BYTES = 64 * 1024
const USUAL_MODE = 0o666
const RETRY_MS = 10
/** A reader that reads nothing for so long is given up. */
const READER_TIMEOUT_MS = 10_000

/**
 * A file that the user asked for. It appears complete or not at all; until then what was there before stays,
 * and the text is in a file of its own beside it. A pipe or a device is written to as it is.
 */
export class OutputFile {
  readonly #option: string
  readonly #target: string
  /** Null for a pipe or a device, which is written to at once. */
  readonly #unfinished: string | null
  readonly #descriptor: number
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #failure: unknown = null

  /**
   * @param option what it is asked for by
   * @throws UsageError when it can't be written
   */
  constructor({option, path}: {option: string; path: string}) {
    this.#option = option
    try {
      const {target, isPlain, mode} = placeOf(path)
      this.#target = target
      this.#unfinished = isPlain ? `${target}.${process.pid}.tmp` : null
      this.#descriptor = this.#unfinished === null ? openOther(target) : openBeside(this.#unfinished, mode)
    } catch (error) {
      throw new UsageError(`Expected a writable ${option} file, got ${messageOf(error)}`, {cause: error})
    }
  }

  /** Written in blocks: what millions of findings say does not fit into memory. A disk that is full is told at the end. */
  add(text: string): void {
    if (this.#failure !== null) return
    const bytes = Buffer.from(text)
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes < BATCH_BYTES) return
    try {
      this.#write()
    } catch (error) {
      this.#failure = error
    }
  }

  /** Puts the file where it was asked for. @throws RepbenchError when that is not possible; nothing is left of it then */
  async complete(): Promise<void> {
    try {
      if (this.#failure !== null) throw this.#failure
      await this.#drain()
      closeSync(this.#descriptor)
    } catch (error) {
      this.abandon()
      throw this.#error(error)
    }
    try {
      if (this.#unfinished !== null) renameSync(this.#unfinished, this.#target)
    } catch (error) {
      rmSync(this.#unfinished!, {force: true})
      throw this.#error(error)
    }
  }

  /** There is nothing to be told: what was there before stays. */
  abandon(): void {
    closeSync(this.#descriptor)
    if (this.#unfinished !== null) rmSync(this.#unfinished, {force: true})
  }

  #error(error: unknown): RepbenchError {
    const reason = describeOutsideError(error) ?? messageOf(error)
    return new RepbenchError('ERR_OUT_FILE', `Expected a writable ${this.#option} file, got ${reason}`, {cause: error})
  }

  async #drain(): Promise<void> {
    let waitedMs = 0
    while (this.#waitingBytes > 0) {
      if (this.#write()) {
        waitedMs = 0
        continue
      }
      if (waitedMs >= READER_TIMEOUT_MS) throw new Error(`a reader of ${this.#target} that takes nothing`)
      waitedMs += RETRY_MS
      await delay(RETRY_MS)
    }
  }

  /** @returns false where a pipe's reader has to take something first */
  #write(): boolean {
    const bytes = Buffer.concat(this.#waiting)
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
    this.#waiting = [bytes.subarray(written)]
    this.#waitingBytes = bytes.length - written
    return written > 0
  }
}

/** Writes a file as a whole. @throws RepbenchError when it can't be written */
export async function writeOutputFile({option, path, text}: {option: string; path: string; text: string}) {
  try {
    const file = new OutputFile({option, path})
    file.add(text)
    await file.complete()
  } catch (error) {
    // What was measured is no wrong command line.
    if (error instanceof UsageError) throw new RepbenchError('ERR_OUT_FILE', error.message, {cause: error})
    throw error
  }
}

/** Where to write, and whether the file can be replaced by a rename. A symbolic link stays: its target is written. */
function placeOf(path: string): {readonly target: string; readonly isPlain: boolean; readonly mode: number | null} {
  const found = statSync(path, {throwIfNoEntry: false})
  if (found === undefined) return {target: path, isPlain: true, mode: null}
  if (found.isDirectory()) throw new Error(`a directory, '${path}'`)
  // /dev/stdout may be a file, which the shell has open.
  if (!found.isFile() || /^\/(dev|proc)\//.test(path)) return {target: path, isPlain: false, mode: null}
  const target = realpathSync(path)
  // What may not be written stays, though its directory would let it be replaced.
  closeSync(openSync(target, constants.O_WRONLY))
  return {target, isPlain: true, mode: found.mode & 0o777}
}

/** Fails where a pipe has no reader, and never waits for one. */
function openOther(path: string): number {
  return openSync(path, constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0))
}

function openBeside(path: string, mode: number | null): number {
  rmSync(path, {force: true})
  const descriptor = openSync(path, 'wx', USUAL_MODE)
  if (mode !== null) fchmodSync(descriptor, mode)
  return descriptor
}

/**
 * Looks before a long run whether its report can be written where it is wanted; leaves no empty file behind.
 * @throws UsageError when the file is a directory, or it or its directory can't be written to
 */
export async function assertWritable(option: string, path: string | undefined): Promise<void> {
  if (path === undefined) return
  try {
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) throw new Error(`a directory, '${path}'`)
    await access(found === null ? dirname(path) : path, constants.W_OK)
  } catch (error) {
    const got = messageOf(error)
    throw new UsageError(`Expected a writable ${option} file, got ${got}`, {cause: error})
  }
}
