const SPACE = 0x20
const V = 0x56

/** Remembers the cas unique of the last VALUE line that went by: the fifth word of `VALUE <key> <flags> <bytes> <unique>`. */
export class CasUnique {
  /** Its digits; empty when the last reply had no value. */
  digits: Uint8Array = new Uint8Array(0)

  readonly onLine = (line: Uint8Array): void => {
    if (line[0] !== V) return
    const at = line.lastIndexOf(SPACE)
    // A copy: the line is valid during this call only.
    this.digits = line.slice(at + 1)
  }
}
