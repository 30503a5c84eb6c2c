import {equalsText, SPACE} from './ascii.js'

/** memcached 1.4.13 cuts a command into at most this many words (MAX_TOKENS less the verb's terminator). */
const MAX_WORDS = 8

/**
 * The words of one command line, as positions in the bytes they came in. One
 * object is reused for every line of a connection.
 */
export class CommandLine {
  readonly #starts = new Int32Array(MAX_WORDS)
  readonly #ends = new Int32Array(MAX_WORDS)
  bytes: Buffer = Buffer.alloc(0)
  /** Number of words; a line with more than eight says 9. */
  count = 0

  /** Cuts bytes[start, end) at its spaces. */
  read(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes
    let count = 0
    let at = start
    for (;;) {
      while (at < end && bytes[at] === SPACE) at++
      if (at >= end) break
      if (count === MAX_WORDS) {
        count++
        break
      }
      this.#starts[count] = at
      while (at < end && bytes[at] !== SPACE) at++
      this.#ends[count++] = at
    }
    this.count = count
  }

  start(word: number): number {
    return this.#starts[word]!
  }

  end(word: number): number {
    return this.#ends[word]!
  }

  length(word: number): number {
    return this.#ends[word]! - this.#starts[word]!
  }

  is(word: number, text: string): boolean {
    return word < this.count && equalsText(this.bytes, this.#starts[word]!, this.#ends[word]!, text)
  }

  /** True when the last word is `noreply` (memcached looks nowhere else). */
  endsWithNoreply(): boolean {
    return this.count > 1 && this.count <= MAX_WORDS && this.is(this.count - 1, 'noreply')
  }

  text(word: number): string {
    return this.bytes.toString('latin1', this.#starts[word]!, this.#ends[word]!)
  }
}
