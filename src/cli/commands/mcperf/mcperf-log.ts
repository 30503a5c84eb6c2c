import {closeSync, openSync, writeSync} from 'node:fs'
import {getSystemErrorMessage} from 'node:util'
import {RepbenchError} from '../../../protocol/errors.js'
import {printableLines} from '../../../protocol/printable.js'
import type {TextOutput} from '../../app/text-output.js'

/** mcperf's levels that are used here: a line shows when its level is at most the verbosity. */
export const logLevels = {error: 1, warning: 4} as const

/** mcperf's log: a file that grows, or stderr. */
export class McperfLog {
  readonly #verbosity: number
  readonly #write: (line: string) => void
  readonly #file: number | null

  /** @throws RepbenchError in mcperf's words when the file cannot be opened */
  constructor({path, verbosity, stderr}: {path: string | null; verbosity: number; stderr: TextOutput}) {
    const file = path === null ? null : openLog(path)
    this.#verbosity = verbosity
    this.#file = file
    this.#write = file === null ? line => stderr.write(line) : line => writeSync(file, printableLines(line))
  }

  line(level: keyof typeof logLevels, text: string): void {
    if (logLevels[level] <= this.#verbosity) this.#write(`[${asctime(new Date())}] mcperf: ${text}\n`)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
  }
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o644)
  } catch (error) {
    const reason = getSystemErrorMessage((error as NodeJS.ErrnoException).errno ?? 0)
    throw new RepbenchError('ERR_LOG_FILE', `opening log file '${path}' failed: ${reason}`, {cause: error})
  }
}

/** `Sun Nov  1 12:13:19 2026`, in local time. */
function asctime(date: Date): string {
  const [weekday, month, day, year, time] = date.toString().split(' ')
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
}
