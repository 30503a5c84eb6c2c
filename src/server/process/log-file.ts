import {lstatSync, renameSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import {messageOf} from '../../protocol/errors.js'
import {printable} from '../../protocol/printable.js'
import {appendPrivateFile, makePrivateDirectory} from '../system/private-files.js'

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024

/**
 * The log of one node on disk: at most two files of `maxBytes`, the older one with `.1` after its name.
 * Opened for each piece, so that no descriptor is kept; a disk that takes no more ends it.
 */
export class LogFile {
  readonly path: string
  readonly #maxBytes: number
  #bytes: number | null = null
  #problem: string | null = null

  constructor(path: string, {maxBytes = DEFAULT_MAX_BYTES}: {maxBytes?: number} = {}) {
    this.path = path
    this.#maxBytes = maxBytes
  }

  /** Why nothing more is written. */
  get problem(): string | null {
    return this.#problem
  }

  /** Adds lines, safe to print, each with the time in front. */
  append(lines: readonly string[], at: Date): void {
    if (this.#problem !== null || lines.length === 0) return
    const text = lines.map(line => `${at.toISOString()} ${printable(line)}\n`).join('')
    try {
      const size = (this.#bytes ?? this.#open()) + Buffer.byteLength(text)
      const turns = size > this.#maxBytes && this.#bytes !== 0
      if (turns) renameSync(this.path, `${this.path}.1`)
      appendPrivateFile(this.path, text)
      this.#bytes = turns ? Buffer.byteLength(text) : size
    } catch (error) {
      this.#problem = messageOf(error)
    }
  }

  #open(): number {
    makePrivateDirectory(dirname(this.path))
    rmSync(`${this.path}.1`, {force: true})
    this.#bytes = lstatSync(this.path, {throwIfNoEntry: false})?.size ?? 0
    return this.#bytes
  }
}
