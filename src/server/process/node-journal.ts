import {lstatSync, renameSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import {messageOf} from '../../protocol/errors.js'
import {printable} from '../../protocol/printable.js'
import type {LogLine} from '../node-api/cluster-node.js'
import {appendPrivateFile, makePrivateDirectory} from '../system/private-files.js'

const LINES_KEPT = 1000

/** What a node has printed: the newest lines in memory, more of them in a file. */
export class NodeJournal {
  readonly #lines: LogLine[] = []
  readonly #file: LogFile | null

  constructor(path: string | null) {
    this.#file = path === null ? null : new LogFile(path)
  }

  /** null where there is none, or the disk takes no more. */
  get path(): string | null {
    return this.#file === null || this.#file.problem !== null ? null : this.#file.path
  }

  lines(): readonly LogLine[] {
    return this.#lines
  }

  append(texts: readonly string[]): void {
    const at = new Date()
    const atMs = at.getTime()
    for (const text of texts.slice(-LINES_KEPT)) this.#lines.push({atMs, text})
    if (this.#lines.length > LINES_KEPT) this.#lines.splice(0, this.#lines.length - LINES_KEPT)
    this.#file?.append(texts, at)
  }

  /** The newest lines since a moment (wall clock, ms), without what surrounds their text. */
  lastLines({since, count}: {since: number | null; count: number}): string[] {
    const lines = this.#lines.filter(({atMs, text}) => since !== null && atMs >= since && text.trim() !== '')
    return lines.slice(-count).map(({text}) => text.trim())
  }
}

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
