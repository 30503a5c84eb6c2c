/** Big blocks keep the number of allocations low; the system backs them only where they are written. */
const ARENA_BYTES = 64 * 1024 * 1024
const UNIT_BYTES = 8

/**
 * Memory for item bytes, outside the JavaScript heap: arenas cut into pages.
 * Addresses count units of 8 bytes over all arenas.
 */
export class PageArenas {
  readonly #pageBytes: number
  readonly #arenaBytes: number
  readonly #unitsShift: number
  readonly #arenas: Buffer[] = []
  #pages = 0

  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes
    this.#arenaBytes = Math.max(ARENA_BYTES, 2 ** Math.ceil(Math.log2(pageBytes)))
    this.#unitsShift = Math.log2(this.#arenaBytes / UNIT_BYTES)
  }

  /** Number of pages handed out. */
  get pages(): number {
    return this.#pages
  }

  /** Address of a fresh page. */
  takePage(): number {
    const perArena = Math.floor(this.#arenaBytes / this.#pageBytes)
    const arena = Math.floor(this.#pages / perArena)
    if (arena === this.#arenas.length) this.#arenas.push(Buffer.allocUnsafeSlow(this.#arenaBytes))
    const offset = (this.#pages % perArena) * this.#pageBytes
    this.#pages++
    return arena * 2 ** this.#unitsShift + offset / UNIT_BYTES
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
