const LF = 0x0a
const CR = 0x0d
const SHOWN_MAX_BYTES = 2048

/** Cuts a value into the lines that a terminal would show; a long line is shown shortened. */
export class DataLines {
  readonly #onLine: (line: Uint8Array, omittedBytes: number) => void
  #shown: Buffer[] = []
  #shownBytes = 0
  #bytes = 0

  constructor(onLine: (line: Uint8Array, omittedBytes: number) => void) {
    this.#onLine = onLine
  }

  push(piece: Uint8Array, last: boolean): void {
    let start = 0
    for (let at = piece.indexOf(LF); at >= 0; at = piece.indexOf(LF, start)) {
      this.#take(piece.subarray(start, at))
      this.#end()
      start = at + 1
    }
    this.#take(piece.subarray(start))
    if (last) this.#end()
  }

  #take(part: Uint8Array): void {
    const shown = part.subarray(0, SHOWN_MAX_BYTES - this.#shownBytes)
    // A copy: the piece is only lent.
    if (shown.length > 0) this.#shown.push(Buffer.from(shown))
    this.#shownBytes += shown.length
    this.#bytes += part.length
  }

  #end(): void {
    const line = Buffer.concat(this.#shown)
    const omitted = this.#bytes - this.#shownBytes
    this.#onLine(omitted === 0 && line.at(-1) === CR ? line.subarray(0, -1) : line, omitted)
    this.#shown = []
    this.#shownBytes = 0
    this.#bytes = 0
  }
}
