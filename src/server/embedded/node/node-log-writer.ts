import type {SlabClass} from '../store/memory/slab-classes.js'
import type {NodeSettings} from './node-settings.js'

/** How a log whose reader is slow slows clients down. */
export interface LogHold {
  /** Clients should not be read now. Only true while the reader takes any lines at all. */
  readonly holding: boolean
  /** Calls back once, as soon as clients may be read again. */
  whenReleased(listener: () => void): void
}

/** A log that waits for nobody. */
const noHold: LogHold = {
  holding: false,
  whenReleased(listener) {
    listener()
  },
}

/** A node's log on stderr; `level` is the number of `-v` from which on a line shows. */
export class NodeLog {
  readonly #settings: Pick<NodeSettings, 'verbosity'>
  readonly #write: (line: string) => void
  readonly hold: LogHold

  constructor(settings: Pick<NodeSettings, 'verbosity'>, write: (line: string) => void, hold: LogHold = noHold) {
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

  /** At -vv a node begins with its slab classes. */
  slabClasses(classes: readonly SlabClass[]): void {
    if (!this.shows(2)) return
    for (const {id, chunkBytes, chunksPerPage} of classes) {
      const columns = [String(id).padStart(3), String(chunkBytes).padStart(9), String(chunksPerPage).padStart(7)]
      this.line(2, `slab class ${columns[0]}: chunk size ${columns[1]} perslab ${columns[2]}`)
    }
  }
}
