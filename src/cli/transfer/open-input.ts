import {closeSync, constants, createReadStream, fstatSync, openSync} from 'node:fs'
import {Socket} from 'node:net'
import {addAbortSignal, type Readable} from 'node:stream'
import {messageOf} from '../../protocol/errors.js'
import type {CliContext} from '../app/context.js'
import {UsageError} from '../app/errors.js'

const CHUNK_BYTES = 256 * 1024

export interface Input {
  /** For messages. */
  readonly name: string
  readonly chunks: Readable
  /** Null for what has no known length. */
  readonly bytes: number | null
}

interface InputAsked {
  /** A file or a pipe; - = stdin. */
  readonly path: string
  /** What is expected there. */
  readonly what: string
}

/** Opens a file of any size, a pipe, or stdin, to be read once. Ctrl-C ends it. @throws UsageError when it can't be read */
export function openInput({path, what}: InputAsked, {stdin, shutdown}: Pick<CliContext, 'stdin' | 'shutdown'>): Input {
  if (path === '-') {
    if (stdin.isTTY) throw new UsageError(`Expected ${what} on stdin, got a terminal`)
    return {name: 'stdin', chunks: addAbortSignal(shutdown.signal, stdin), bytes: null}
  }
  try {
    // Nothing waits for the writer of a pipe that has none yet, so that Ctrl-C is heard.
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const found = fstatSync(fd)
    if (found.isDirectory()) {
      closeSync(fd)
      throw new Error('a directory')
    }
    const chunks = found.isFIFO()
      ? new Socket({fd, readable: true, writable: false})
      : createReadStream('', {fd, highWaterMark: CHUNK_BYTES})
    return {name: path, chunks: addAbortSignal(shutdown.signal, chunks), bytes: found.isFile() ? found.size : null}
  } catch (error) {
    throw new UsageError(`Expected ${what} in ${path}, got ${messageOf(error)}`, {cause: error})
  }
}
