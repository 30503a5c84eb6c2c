import {constants, openSync, type Stats, statSync} from 'node:fs'
import {Socket} from 'node:net'
import {FileRefusedError, readRegularBytes} from '../../server/system/regular-file.js'

/** A pipe whose writer writes nothing for so long is given up. */
const WRITER_TIMEOUT_MS = 10_000

/**
 * What is in a file that the user names: a regular one, or a pipe such as the shell's `<(…)`, which is waited for a while.
 * @throws FileRefusedError with what is there instead, or the system's error
 */
export async function readInputFile(path: string, {maxBytes}: {maxBytes: number}): Promise<Buffer> {
  const found = statSync(path)
  if (isNull(found)) return Buffer.alloc(0)
  if (!found.isFIFO()) return readRegularBytes(path, {maxBytes})
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // On the event loop, where a pipe without a writer holds nobody up.
  const pipe = new Socket({fd: file, readable: true, writable: false})
  pipe.setTimeout(WRITER_TIMEOUT_MS, () => pipe.destroy(new FileRefusedError(`${path}, a pipe that nobody writes to`)))
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxBytes) throw new FileRefusedError(`${path} of more than ${maxBytes.toLocaleString('en')} bytes`)
  }
  return Buffer.concat(chunks)
}

/** The one device with an end. */
function isNull(found: Stats): boolean {
  return found.isCharacterDevice() && found.rdev === statSync('/dev/null', {throwIfNoEntry: false})?.rdev
}
