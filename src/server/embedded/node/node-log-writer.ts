import type {SlabClass} from '../store/memory/slab-classes.js'
import {type Hold, noHold} from './hold.js'
import type {NodeSettings} from './node-settings.js'

/** A node's log on stderr. A line of level n shows from n times `-v` on. */
export class NodeLog {
  readonly #settings: Pick<NodeSettings, 'verbosity'>
  readonly #write: (line: string) => void
  readonly hold: Hold

  constructor(settings: Pick<NodeSettings, 'verbosity'>, write: (line: string) => void, hold: Hold = noHold) {
    this.#settings = settings
    this.#write = write
    this.hold = hold
  }

  shows(level: number): boolean {
    return this.#settings.verbosity >= level
  }

  line(level: number, text: string): void {
    if (this.shows(level)) this.#write(`${text}\n`)
  }

  /** At -vv a log begins with the slab classes. */
  slabClasses(classes: readonly SlabClass[]): void {
    if (!this.shows(2)) return
    for (const {id, chunkBytes, chunksPerPage} of classes) {
      const columns = [String(id).padStart(3), String(chunkBytes).padStart(9), String(chunksPerPage).padStart(7)]
      this.line(2, `slab class ${columns[0]}: chunk size ${columns[1]} perslab ${columns[2]}`)
    }
  }
}
