import {messageOf} from '../../../protocol/errors.js'
import type {Credential} from '../../../server/embedded/node/node-settings.js'
import {FileRefusedError, readRegularBytes} from '../../../server/system/regular-file.js'
import {UsageError} from '../../app/errors.js'

/** memcached reads no more entries, and no longer ones; here more are refused instead of left out. */
const ENTRIES_MAX = 8
const FILE_MAX_BYTES = 64 * 1024

/**
 * Reads the file of `-Y`: a line `user:password` for each user.
 * @throws UsageError for a file that can't be read, or a line of another form
 */
export function readAuthFile(file: string): readonly Credential[] {
  const lines = readText(file)
    .split(/\r?\n/)
    .filter(line => line !== '')
  const credentials = lines.map((line, index) => readEntry(file, line, index + 1))
  if (credentials.length === 0) throw new UsageError(`-Y ${file}: expected lines user:password, got an empty file`)
  if (credentials.length > ENTRIES_MAX) {
    throw new UsageError(`-Y ${file}: expected at most ${ENTRIES_MAX} users, got ${credentials.length}`)
  }
  return credentials
}

function readText(file: string): string {
  try {
    // A character for each byte, as tokens of clients are read.
    return readRegularBytes(file, {maxBytes: FILE_MAX_BYTES}).toString('latin1')
  } catch (error) {
    if (error instanceof FileRefusedError) {
      throw new UsageError(`-Y: expected a file of lines user:password, got ${error.message}`, {cause: error})
    }
    throw new UsageError(`-Y ${file}: ${messageOf(error)}`, {cause: error})
  }
}

function readEntry(file: string, line: string, number: number): Credential {
  const colon = line.indexOf(':')
  // The line itself may be a password.
  if (colon <= 0) throw new UsageError(`-Y ${file}: expected user:password in line ${number}`)
  return {user: line.slice(0, colon), password: line.slice(colon + 1)}
}
