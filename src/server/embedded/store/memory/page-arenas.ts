/**
 * Big blocks, since each allocation starts a collection of the whole heap; the
 * system backs them only where they are written. Smaller than what element
 * access is fast for.
 */
const ARENA_MIN_BYTES = 64 * 1024 * 1024
const ARENA_MAX_BYTES = 1024 * 1024 * 1024
const UNIT_BYTES = 8

/**
 * Memory for item bytes, outside the JavaScript heap: arenas that are handed out
 * page by page. Addresses count units of 8 bytes over all arenas.
 */
export class PageArenas {
  readonly #arenaBytes: number
  readonly #unitsShift: number
  readonly #unitsMask: number
  readonly #arenas: Buffer[] = []
  /** Bytes of the newest arena that are handed out. */
  #used: number

  /** @param expectedBytes about as much as will be taken in all; no page will be larger than `largestPageBytes` */
  constructor({largestPageBytes, expectedBytes}: {largestPageBytes: number; expectedBytes: number}) {
    const wanted = Math.min(Math.max(expectedBytes, ARENA_MIN_BYTES), ARENA_MAX_BYTES)
    this.#arenaBytes = 2 ** Math.ceil(Math.log2(Math.max(wanted, largestPageBytes)))
    const units = this.#arenaBytes / UNIT_BYTES
    this.#unitsShift = Math.log2(units)
    this.#unitsMask = units - 1
    this.#used = this.#arenaBytes
  }

  /** Address of a fresh page of so many bytes, a multiple of 8. */
  takePage(bytes: number): number {
    if (this.#used + bytes > this.#arenaBytes) {
      this.#arenas.push(Buffer.allocUnsafeSlow(this.#arenaBytes))
      this.#used = 0
    }
    const address = (this.#arenas.length - 1) * 2 ** this.#unitsShift + this.#used / UNIT_BYTES
    this.#used += bytes
    return address
  }

  /** The arena that holds an address. */
  bytesAt(address: number): Buffer {
    return this.#arenas[address >>> this.#unitsShift]!
  }

  /** Where an address lies within its arena, in bytes. */
  offsetOf(address: number): number {
    return (address & this.#unitsMask) * UNIT_BYTES
  }
}
