import {readFileSync, unlinkSync, writeFileSync} from 'node:fs'
import {messageOf} from '../../protocol/errors.js'

/**
 * Writes the process id to a file; returns what removes it. Like memcached it
 * only says so when that fails, or when the file names a process that runs.
 */
export function writePidFile(path: string, say: (line: string) => void): () => void {
  const running = readRunningPid(path)
  if (running !== null) say(`WARNING: The pid file contained the following (running) pid: ${running}\n`)
  try {
    writeFileSync(path, `${process.pid}\n`)
  } catch (error) {
    say(`Could not open the pid file ${path} for writing: ${messageOf(error)}\n`)
    return () => {}
  }
  return () => {
    try {
      unlinkSync(path)
    } catch (error) {
      say(`Could not remove the pid file ${path}: ${messageOf(error)}\n`)
    }
  }
}

function readRunningPid(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
    if (!(pid > 0) || pid === process.pid) return null
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}
