import type {LogLine} from '../node-api/cluster-node.js'
import {LogFile} from './log-file.js'

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
