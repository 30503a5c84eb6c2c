import {VALUE_MAX_BYTES} from '../../../ask/ask-limits.js'
import type {ReplyReader} from '../../../ask/question.js'
import {inQuotes} from '../../../ask/quote.js'

/** What a node holds under a key. */
export interface Item {
  /** 0 to 2^32 − 1. */
  readonly flags: number
  readonly value: Buffer
}

export interface ItemReplyOptions {
  readonly keys: readonly string[]
  /** Values beyond this are passed over; the first one never is. */
  readonly keptMaxBytes: number
  /** Called for an answer to another question. */
  readonly refuse: (got: string) => void
}

const WORD_BYTES = 'VALUE '.length

/** Reads the reply to a get of many keys as it comes. */
export class ItemReply implements ReplyReader {
  readonly keys: readonly string[]
  /** In the order of the keys. */
  readonly items: (Item | null)[]
  /** Places of keys whose values did not fit: to be asked for again. */
  readonly passedOver: number[] = []
  keptBytes = 0
  readonly #options: ItemReplyOptions
  readonly #answered = new Set<number>()
  /** Place of the key that comes next, if it is there. */
  #next = 0
  #value: Buffer | null = null
  #filled = 0

  constructor(options: ItemReplyOptions) {
    this.#options = options
    this.keys = options.keys
    this.items = options.keys.map(() => null)
  }

  onValue(bytes: Uint8Array, start: number, end: number, size: number): void {
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
    const keyEnd = line.indexOf(' ', WORD_BYTES)
    const place = this.#placeOf(line, keyEnd)
    if (place < 0 || this.#answered.has(place)) {
      this.#options.refuse(`an item that was not asked for: ${inQuotes(line)}`)
      return
    }
    if (size > VALUE_MAX_BYTES) {
      this.#options.refuse(`a value of ${size} bytes, more than ${VALUE_MAX_BYTES}: ${inQuotes(line)}`)
      return
    }
    this.#answered.add(place)
    this.#next = place + 1
    this.#filled = 0
    this.#value =
      this.keptBytes > 0 && this.keptBytes + size > this.#options.keptMaxBytes ? null : Buffer.allocUnsafe(size)
    if (this.#value === null) {
      this.passedOver.push(place)
      return
    }
    this.keptBytes += size
    this.items[place] = {flags: Number.parseInt(line.slice(keyEnd + 1), 10), value: this.#value}
  }

  onData(bytes: Uint8Array, start: number, end: number): void {
    this.#value?.set(bytes.subarray(start, end), this.#filled)
    this.#filled += end - start
  }

  /** Items come in the order of the keys, without those that are missing; a proxy before several servers may mix them. */
  #placeOf(line: string, keyEnd: number): number {
    for (let place = this.#next; place < this.keys.length; place++) {
      if (isKeyOf(line, keyEnd, this.keys[place]!)) return place
    }
    return this.keys.findIndex(key => isKeyOf(line, keyEnd, key))
  }
}

/** Whether `VALUE <key> …` is about the key. */
function isKeyOf(line: string, keyEnd: number, key: string): boolean {
  return keyEnd - WORD_BYTES === key.length && line.startsWith(key, WORD_BYTES)
}
