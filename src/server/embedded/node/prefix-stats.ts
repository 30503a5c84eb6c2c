/** Most prefixes counted: clients choose the keys, and must not fill the memory. */
const MAX_PREFIXES = 65_536

interface PrefixCounts {
  gets: number
  hits: number
  sets: number
  deletes: number
}

/** `stats detail`: counts by the part of the key before the delimiter. Off unless `-D` or a client turns it on. */
export class PrefixStats {
  readonly #delimiter: number
  readonly #counts = new Map<string, PrefixCounts>()
  enabled: boolean

  constructor({delimiter, enabled}: {delimiter: string; enabled: boolean}) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.enabled = enabled
  }

  countGet(bytes: Buffer, keyStart: number, keyEnd: number, hit: boolean): void {
    const counts = this.#find(bytes, keyStart, keyEnd)
    if (counts === undefined) return
    counts.gets++
    if (hit) counts.hits++
  }

  countSet(bytes: Buffer, keyStart: number, keyEnd: number): void {
    const counts = this.#find(bytes, keyStart, keyEnd)
    if (counts !== undefined) counts.sets++
  }

  countDelete(bytes: Buffer, keyStart: number, keyEnd: number): void {
    const counts = this.#find(bytes, keyStart, keyEnd)
    if (counts !== undefined) counts.deletes++
  }

  clear(): void {
    this.#counts.clear()
  }

  /** The reply to `stats detail dump`. */
  dump(): string {
    const lines = [...this.#counts].map(
      ([prefix, {gets, hits, sets, deletes}]) =>
        `PREFIX ${prefix} get ${gets} hit ${hits} set ${sets} del ${deletes}\r\n`,
    )
    return `${lines.join('')}END\r\n`
  }

  /** A key without the delimiter belongs to no prefix. */
  #find(bytes: Buffer, keyStart: number, keyEnd: number): PrefixCounts | undefined {
    let end = keyStart
    while (end < keyEnd && bytes[end] !== this.#delimiter) end++
    if (end === keyEnd) return undefined
    const prefix = bytes.toString('latin1', keyStart, end)
    let counts = this.#counts.get(prefix)
    if (counts === undefined && this.#counts.size < MAX_PREFIXES) {
      counts = {gets: 0, hits: 0, sets: 0, deletes: 0}
      this.#counts.set(prefix, counts)
    }
    return counts
  }
}
