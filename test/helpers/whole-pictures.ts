const BEGIN = '\u001B[?2026h'
const END = '\u001B[?2026l'

/**
 * Cuts a program's output into pictures, as a terminal does that knows synchronised output: what stands between its
 * marks is shown at once, and not before it is complete. What comes without marks is shown as it comes.
 */
export class WholePictures {
  #held = ''

  /** @returns what can be shown now, one picture after the other */
  push(data: string): string[] {
    this.#held += data
    const pictures: string[] = []
    for (;;) {
      const begin = this.#held.indexOf(BEGIN)
      if (begin < 0) {
        const whole = this.#held.length - startOfMark(this.#held)
        if (whole > 0) pictures.push(this.#take(whole))
        return pictures
      }
      if (begin > 0) pictures.push(this.#take(begin))
      const end = this.#held.indexOf(END)
      if (end < 0) return pictures
      pictures.push(this.#take(end + END.length))
    }
  }

  /** What was never completed. */
  rest(): string {
    return this.#take(this.#held.length)
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length)
    this.#held = this.#held.slice(length)
    return taken
  }
}

/** How many characters at the end may be the first ones of a mark that has not come in full. */
function startOfMark(text: string): number {
  for (let length = Math.min(BEGIN.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(BEGIN.slice(0, length))) return length
  }
  return 0
}
