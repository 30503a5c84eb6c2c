import type {NodeSettings} from './node-settings.js'

/** A node's log on stderr; `level` is the number of `-v` from which on a line shows. */
export class NodeLog {
  readonly #settings: Pick<NodeSettings, 'verbosity'>
  readonly #write: (line: string) => void

  constructor(settings: Pick<NodeSettings, 'verbosity'>, write: (line: string) => void) {
    this.#settings = settings
    this.#write = write
  }

  shows(level: number): boolean {
    return this.#settings.verbosity >= level
  }

  line(level: number, text: string): void {
    if (this.shows(level)) this.#write(`${text}\n`)
  }
}
