/** Slots of the set, a power of two; only three quarters are used. */
const SLOTS = 2 ** 20
const FILLED_MAX = SLOTS * 0.75
/** Instead of a version: a delete of the key was lost. */
const ABSENT = 0

/**
 * Lost writes: their connection ended before the reply came. A lost write may
 * still take effect at any time, even after later writes, when a frozen server
 * resumes and reads its sockets. A set of (key, version) in memory shared by
 * all load threads; only grows.
 */
export class LostWrites {
  readonly #slots: BigUint64Array<SharedArrayBuffer>
  readonly #filled: Int32Array<SharedArrayBuffer>

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer((SLOTS + 1) * BigUint64Array.BYTES_PER_ELEMENT)
  }

  constructor(memory: SharedArrayBuffer) {
    this.#slots = new BigUint64Array(memory, 0, SLOTS)
    this.#filled = new Int32Array(memory, SLOTS * BigUint64Array.BYTES_PER_ELEMENT, 1)
  }

  /** @param removes the write was a delete */
  add(key: number, version: number, removes: boolean): void {
    this.#put(entryOf(key, version))
    if (removes) this.#put(entryOf(key, ABSENT))
  }

  has(key: number, version: number): boolean {
    return this.#find(entryOf(key, version))
  }

  /** Whether a delete of the key was lost. */
  hasDelete(key: number): boolean {
    return this.#find(entryOf(key, ABSENT))
  }

  #put(entry: bigint): void {
    for (let slot = slotOf(entry); ; slot = (slot + 1) & (SLOTS - 1)) {
      const found = Atomics.load(this.#slots, slot)
      if (found === entry) return
      if (found !== 0n) continue
      if (Atomics.load(this.#filled, 0) >= FILLED_MAX) return
      const before = Atomics.compareExchange(this.#slots, slot, 0n, entry)
      if (before === 0n) Atomics.add(this.#filled, 0, 1)
      if (before === 0n || before === entry) return
    }
  }

  #find(entry: bigint): boolean {
    if (Atomics.load(this.#filled, 0) === 0) return false
    for (let slot = slotOf(entry); ; slot = (slot + 1) & (SLOTS - 1)) {
      const found = Atomics.load(this.#slots, slot)
      if (found === entry) return true
      if (found === 0n) return false
    }
  }
}

function entryOf(key: number, version: number): bigint {
  return (BigInt(key) << 32n) | BigInt(version)
}

function slotOf(entry: bigint): number {
  return Number(BigInt.asUintN(64, entry * 0x9e37_79b9_7f4a_7c15n) >> 44n) & (SLOTS - 1)
}
