const LF = 0x0a
/** `rep <key> <flags> <exptime> <bytes> <cas>` */
const BYTES_WORD = 4

/**
 * An instrument: reads one direction of a replication link as it goes into a
 * link of known behaviour, and knows which writes had not come out of it.
 */
export class ReplicationTap {
  /** Of what is in the link: where each write ends in the stream. */
  #under: {readonly key: string; readonly end: number}[] = []
  #taken = 0
  #passed = 0
  #line = ''
  /** Of the block that is being taken in. */
  #left = 0
  #key = ''
  /** Writes that went in. */
  writes = 0

  took(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const count = Math.min(this.#left, bytes.length - at)
        this.#left -= count
        at += count
        if (this.#left === 0) this.#under.push({key: this.#key, end: this.#taken + at})
        continue
      }
      const lineEnd = bytes.indexOf(LF, at)
      const to = lineEnd < 0 ? bytes.length : lineEnd + 1
      this.#line += bytes.toString('latin1', at, to)
      at = to
      if (lineEnd >= 0) this.#lineDone()
    }
    this.#taken += bytes.length
  }

  passed(byteCount: number): void {
    this.#passed += byteCount
    const first = this.#under.findIndex(({end}) => end > this.#passed)
    if (first !== 0) this.#under = first < 0 ? [] : this.#under.slice(first)
  }

  /** Keys of the values that went in and have not come out, a key for each write. */
  underWay(): string[] {
    return this.#under.map(({key}) => key)
  }

  /** A delete tells of an eviction as well as of a client's: it is left out. */
  #lineDone(): void {
    const words = this.#line.trimEnd().split(' ')
    this.#line = ''
    if (words[0] === 'rep') {
      this.writes++
      this.#key = words[1]!
      this.#left = Number(words[BYTES_WORD]) + 2
    }
  }
}
