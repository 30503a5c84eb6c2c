import {quoted} from '../../protocol/printable.js'

/** Enough to name; a server that reads and never answers must not fill memory. */
const KEPT_MOST = 1000
const NAMED_MOST = 3
const SHOWN_BYTES = 40
const CR = 0x0d

/** Which commands are still to be answered, as far as replies come in the order of the commands. */
export class Unanswered {
  #lines: string[] = []
  /** Of `#lines`, how many have been answered. */
  #answered = 0
  #count = 0

  get count(): number {
    return this.#count
  }

  sent(line: Uint8Array): void {
    this.#count++
    if (this.#lines.length - this.#answered === KEPT_MOST) return
    const end = line.indexOf(CR)
    const command = end < 0 ? line : line.subarray(0, end)
    this.#lines.push(command.length === 0 ? 'an empty line' : quoted(command, {most: SHOWN_BYTES}))
  }

  answered(): void {
    if (this.#count === 0) return
    this.#count--
    if (this.#answered < this.#lines.length) this.#answered++
    if (this.#answered < KEPT_MOST) return
    this.#lines = this.#lines.slice(this.#answered)
    this.#answered = 0
  }

  /** `set a 0 0 1, get a and 7 more`; '' when there is none. */
  describe(): string {
    const named = this.#lines.slice(this.#answered, this.#answered + NAMED_MOST)
    const more = this.#count - named.length
    return [named.join(', '), ...(more > 0 ? [`${more} more`] : [])].filter(part => part !== '').join(' and ')
  }
}
