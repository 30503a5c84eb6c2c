import {printable} from '../../../protocol/printable.js'
import type {TextOutput} from '../../app/text-output.js'

/** How often a line is written where lines can't be drawn over. */
const LINE_EVERY_MS = 1000

/** Tells of a long look at many keys: drawn over on a terminal, a line a second elsewhere. */
export class KeyProgress {
  readonly #stderr: TextOutput
  readonly #verb: string
  #shownMs = performance.now()

  /** @param verb in the past tense: what has been done to the keys */
  constructor(stderr: TextOutput, verb: string) {
    this.#stderr = stderr
    this.#verb = verb
  }

  show(done: number, keys: number): void {
    const line = `${this.#verb} ${done} of ${keys} keys`
    if (this.#stderr.isTTY) this.#stderr.raw.write(`\r${printable(line)}\x1b[K`)
    else if (performance.now() - this.#shownMs >= LINE_EVERY_MS) {
      this.#shownMs = performance.now()
      this.#stderr.write(`${line}\n`)
    }
  }

  /** Takes the line off a terminal again. */
  clear(): void {
    if (this.#stderr.isTTY) this.#stderr.raw.write('\r\x1b[K')
  }
}
