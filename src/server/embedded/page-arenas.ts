/** Big blocks keep the number of allocations low; the system backs them only where they are written. */
const ARENA_BYTES = 64 * 1024 * 1024
const UNIT_BYTES = 8

/**
 * Memory for item bytes, outside the JavaScript heap: arenas that are handed out
 * page by page. Addresses count units of 8 bytes over all arenas.
 */
export class PageArenas {
  readonly #arenaBytes: number
  readonly #unitsShift: number
  readonly #arenas: Buffer[] = []
  /** Bytes of the newest arena that are handed out. */
  #used: number

  /** @param largestPageBytes no page will be larger */
  constructor(largestPageBytes: number) {
    this.#arenaBytes = Math.max(ARENA_BYTES, 2 ** Math.ceil(Math.log2(largestPageBytes)))
    this.#unitsShift = Math.log2(this.#arenaBytes / UNIT_BYTES)
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
    return (address & (2 ** this.#unitsShift - 1)) * UNIT_BYTES
  }
}
