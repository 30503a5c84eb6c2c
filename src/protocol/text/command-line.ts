import {equalsText, SPACE} from './ascii.js'

/** memcached 1.4.13 reads at most so many words of a command and ignores the rest. */
const MAX_WORDS = 7

/**
 * The words of one command line, as positions in the bytes they came in. One
 * object is reused for every line of a connection.
 */
export class CommandLine {
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  bytes: Buffer = Buffer.alloc(0)
  /** Number of words, up to the maximum. */
  count = 0

  /** @param maxWords most words that are read */
  constructor(maxWords = MAX_WORDS) {
    this.#starts = new Int32Array(maxWords)
    this.#ends = new Int32Array(maxWords)
  }

  /** Cuts bytes[start, end) at its spaces. Like a C string it ends at a NUL. */
  read(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes
    const most = this.#starts.length
    let count = 0
    let at = start
    while (count < most) {
      while (at < end && bytes[at] === SPACE) at++
      if (at >= end || bytes[at] === 0) break
      this.#starts[count] = at
      while (at < end && bytes[at] !== SPACE && bytes[at] !== 0) at++
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
    return this.count > 1 && this.is(this.count - 1, 'noreply')
  }

  text(word: number): string {
    return this.bytes.toString('latin1', this.#starts[word]!, this.#ends[word]!)
  }
}
