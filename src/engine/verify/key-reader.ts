import {KEY_COUNTER_DIGITS} from '../data/key-text.js'

const SPACE = 0x20
const VALUE_WORD_BYTES = 'VALUE '.length
const NOT_HEX = 16

const hexValues = Uint8Array.from({length: 256}, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte))
  return digit < 0 ? NOT_HEX : digit
})

/** Reads the numbers of a plan's keys from VALUE lines without making strings. */
export class KeyReader {
  readonly #prefix: Buffer

  constructor(prefix: string) {
    this.#prefix = Buffer.from(prefix, 'latin1')
  }

  /** @returns the key's number, or −1 when it is none of the plan's */
  read(line: Uint8Array, start: number, end: number): number {
    const prefix = this.#prefix
    let at = start + VALUE_WORD_BYTES
    const keyEnd = at + prefix.length + KEY_COUNTER_DIGITS
    if (keyEnd >= end || line[keyEnd] !== SPACE) return -1
    for (let i = 0; i < prefix.length; i++) if (line[at++] !== prefix[i]) return -1
    let key = 0
    while (at < keyEnd) {
      const digit = hexValues[line[at++]!]!
      if (digit === NOT_HEX) return -1
      key = key * 16 + digit
    }
    return key
  }
}
