import {closeSync, constants, lstatSync, openSync, unlinkSync, writeSync} from 'node:fs'
import {messageOf} from '../../../protocol/errors.js'
import {readRegularFile} from '../../../server/system/regular-file.js'

const PID_FILE_MAX_BYTES = 4096
const {O_CREAT, O_TRUNC, O_WRONLY} = constants
/** A pipe without a reader is an error, not waited for. */
const NONBLOCK = constants.O_NONBLOCK ?? 0

/**
 * Writes the process id to a file; returns what removes it. Like memcached it
 * only says so when that fails, or when the file names a process that runs.
 */
export function writePidFile(path: string, say: (line: string) => void): () => void {
  const running = readRunningPid(path)
  if (running !== null) say(`WARNING: The pid file contained the following (running) pid: ${running}\n`)
  try {
    writePid(path)
  } catch (error) {
    say(`Could not open the pid file ${path} for writing: ${messageOf(error)}\n`)
    return () => {}
  }
  return () => {
    try {
      if (lstatSync(path).isFile()) unlinkSync(path)
    } catch (error) {
      say(`Could not remove the pid file ${path}: ${messageOf(error)}\n`)
    }
  }
}

function writePid(path: string): void {
  const file = openSync(path, O_CREAT | O_TRUNC | O_WRONLY | NONBLOCK, 0o666)
  try {
    writeSync(file, `${process.pid}\n`)
  } finally {
    closeSync(file)
  }
}

function readRunningPid(path: string): number | null {
  try {
    const pid = Number.parseInt(readRegularFile(path, {maxBytes: PID_FILE_MAX_BYTES}), 10)
    if (!(pid > 0) || pid === process.pid) return null
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}
