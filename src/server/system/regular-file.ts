import {closeSync, constants, fstatSync, openSync, readSync, statSync} from 'node:fs'
import {RepbenchError} from '../../protocol/errors.js'

const CHUNK_BYTES = 64 * 1024
const NONBLOCK = constants.O_NONBLOCK ?? 0

/** A path that leads to no regular file, or to one that is too large. */
export class FileRefusedError extends RepbenchError {
  constructor(got: string) {
    super('ERR_FILE_REFUSED', got)
  }
}

/**
 * The text of a regular file, through links too. What is none is refused and never waited for: a pipe without
 * a writer, a device, a socket; so is a file of more than `maxBytes`.
 * @throws FileRefusedError with what is there, or the system's error
 */
export function readRegularFile(path: string, {maxBytes}: {maxBytes: number}): string {
  return readRegularBytes(path, {maxBytes}).toString('utf8')
}

/** As readRegularFile(). */
export function readRegularBytes(path: string, {maxBytes}: {maxBytes: number}): Buffer {
  // Before it is opened, for to open a device may do something.
  assertRegular(path, statSync(path))
  const file = openSync(path, constants.O_RDONLY | NONBLOCK)
  try {
    const found = fstatSync(file)
    assertRegular(path, found)
    if (found.size > maxBytes) throw tooLarge(path, found.size, maxBytes)
    return readUpTo(file, {sizeBytes: found.size, maxBytes, path})
  } finally {
    closeSync(file)
  }
}

function assertRegular(path: string, found: ReturnType<typeof fstatSync>): void {
  if (found.isFile()) return
  throw new FileRefusedError(`${path}, which is ${kindOf(found)}`)
}

function kindOf(found: ReturnType<typeof fstatSync>): string {
  if (found.isDirectory()) return 'a directory'
  if (found.isFIFO()) return 'a named pipe'
  if (found.isSocket()) return 'a socket'
  return 'a device'
}

/** To its end, not to the size that it says: files of /proc say 0, and others grow. */
function readUpTo(
  file: number,
  {sizeBytes, maxBytes, path}: {sizeBytes: number; maxBytes: number; path: string},
): Buffer {
  let buffer = Buffer.allocUnsafe(sizeBytes + 1)
  let length = 0
  for (;;) {
    const read = readSync(file, buffer, length, buffer.length - length, null)
    if (read === 0) return buffer.subarray(0, length)
    length += read
    if (length > maxBytes) throw tooLarge(path, length, maxBytes)
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(CHUNK_BYTES)])
  }
}

function tooLarge(path: string, bytes: number, maxBytes: number): FileRefusedError {
  return new FileRefusedError(`${path} of ${bytes.toLocaleString('en')} bytes (limit ${maxBytes.toLocaleString('en')})`)
}
