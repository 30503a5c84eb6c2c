import {printable} from '../../../protocol/printable.js'
import type {TextOutput} from '../../app/text-output.js'

/** Interval of lines where they can't be redrawn. */
const LINE_EVERY_MS = 1000

/** Shows the progress over many keys: one line, redrawn, on a terminal; a line a second elsewhere. */
export class KeyProgress {
  readonly #stderr: TextOutput
  readonly #verb: string
  #shownMs = performance.now()

  /** @param verb what is done to the keys, in the past tense */
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

  /** Clears the line. */
  clear(): void {
    if (this.#stderr.isTTY) this.#stderr.raw.write('\r\x1b[K')
  }
}
