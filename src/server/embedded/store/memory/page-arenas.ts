/**
 * Large blocks, because each allocation starts a garbage collection; the system
 * backs them only where they are written. Access to elements is slower in blocks
 * above the maximum.
 */
const ARENA_MIN_BYTES = 64 * 1024 * 1024
const ARENA_MAX_BYTES = 1024 * 1024 * 1024
const UNIT_BYTES = 8

/**
 * Memory for item bytes, outside the JavaScript heap: arenas, handed out page by
 * page. Addresses count units of 8 bytes over all arenas.
 */
export class PageArenas {
  readonly #arenaBytes: number
  readonly #unitsShift: number
  readonly #unitsMask: number
  readonly #arenas: Buffer[] = []
  /** Bytes handed out from the newest arena. */
  #used: number

  /** @param options `expectedBytes`: estimate of all pages together; `largestPageBytes`: no page will be larger */
  constructor({largestPageBytes, expectedBytes}: {largestPageBytes: number; expectedBytes: number}) {
    const wanted = Math.min(Math.max(expectedBytes, ARENA_MIN_BYTES), ARENA_MAX_BYTES)
    this.#arenaBytes = 2 ** Math.ceil(Math.log2(Math.max(wanted, largestPageBytes)))
    const units = this.#arenaBytes / UNIT_BYTES
    this.#unitsShift = Math.log2(units)
    this.#unitsMask = units - 1
    this.#used = this.#arenaBytes
  }

  /** Returns the address of a new page of `bytes`, a multiple of 8. */
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

  /** Offset of an address within its arena, in bytes. */
  offsetOf(address: number): number {
    return (address & this.#unitsMask) * UNIT_BYTES
  }
}
