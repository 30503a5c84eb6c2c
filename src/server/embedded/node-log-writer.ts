import type {NodeSettings} from './node-settings.js'
import type {SlabClass} from './slab-classes.js'

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

  /** At -vv a node begins with its slab classes. */
  slabClasses(classes: readonly SlabClass[]): void {
    if (!this.shows(2)) return
    for (const {id, chunkBytes, chunksPerPage} of classes) {
      const columns = [String(id).padStart(3), String(chunkBytes).padStart(9), String(chunksPerPage).padStart(7)]
      this.line(2, `slab class ${columns[0]}: chunk size ${columns[1]} perslab ${columns[2]}`)
    }
  }
}
