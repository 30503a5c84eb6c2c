const SPACE = 0x20
/** Decimal digits of a 64-bit number. */
const DIGITS_MAX = 20

/** The cas unique of the last value on one connection: the fifth word of `VALUE <key> <flags> <bytes> <unique>`. */
export class CasUnique {
  readonly #bytes = new Uint8Array(DIGITS_MAX)
  #length = 0

  /** Copies it from a VALUE line, which may be overwritten before the reply is complete. */
  take(line: Uint8Array, start: number, end: number): void {
    let first = end
    while (first > start && line[first - 1] !== SPACE) first--
    this.#length = Math.min(end - first, DIGITS_MAX)
    for (let i = 0; i < this.#length; i++) this.#bytes[i] = line[first + i]!
  }

  get digits(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}
