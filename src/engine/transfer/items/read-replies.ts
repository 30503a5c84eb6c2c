import {VALUE_MAX_BYTES} from '../../../ask/ask-limits.js'
import {inQuotes} from '../../../ask/quote.js'
import {isTextKey} from '../../../protocol/text/text-key.js'
import {type RepliesReader, UnexpectedReply} from './pipelined-connection.js'

/** What a reply tells of an item. */
export interface ReadValue {
  readonly flags: number
  /** Seconds to live when it was read, −1 = for ever, null = not told. */
  readonly ttlSeconds: number | null
  readonly cas: string | null
  readonly value: Buffer
}

const LINE_FEED = 0x0a
const LINE_END_BYTES = 2
/** A longer line is no reply to a read. */
const LINE_MAX_BYTES = 2048

/** Whole lines, and data blocks behind them. */
abstract class LinesReader implements RepliesReader {
  wantedBytes = 0
  abstract isDone: boolean

  take(bytes: Buffer, from: number): number {
    let at = from
    this.wantedBytes = 0
    while (!this.isDone) {
      const lineFeed = bytes.indexOf(LINE_FEED, at)
      if (lineFeed < 0) {
        if (bytes.length - at > LINE_MAX_BYTES) {
          throw new UnexpectedReply(
            `a line without an end: ${inQuotes(bytes.toString('latin1', at, at + LINE_MAX_BYTES))}`,
          )
        }
        return at
      }
      const next = this.takeReply(bytes.toString('latin1', at, lineFeed - 1), bytes, lineFeed + 1)
      if (next < 0) {
        this.wantedBytes = -next - at
        return at
      }
      at = next
    }
    return at
  }

  /** @returns where the next reply begins; its negative when the data block is not there yet */
  protected abstract takeReply(line: string, bytes: Buffer, dataAt: number): number

  protected dataEnd(line: string, bytes: Buffer, dataAt: number, size: number): number {
    if (!(size >= 0 && size <= VALUE_MAX_BYTES)) {
      throw new UnexpectedReply(`a value of ${size} bytes, more than ${VALUE_MAX_BYTES}: ${inQuotes(line)}`)
    }
    const next = dataAt + size + LINE_END_BYTES
    if (next > bytes.length) return -next
    if (bytes[next - 1] !== LINE_FEED) throw new UnexpectedReply(`a data block of another length: ${inQuotes(line)}`)
    return next
  }
}

/** The request that reads many items by `gets`; keys are text keys. */
export function getsRequest(keys: readonly string[]): string {
  return `gets ${keys.join(' ')}\r\n`
}

/** The reply to a `gets`, in the order of its keys; null where there is no item. */
export class GetsReader extends LinesReader {
  readonly values: (ReadValue | null)[]
  isDone = false
  readonly #keys: readonly string[]
  #next = 0

  constructor(keys: readonly string[]) {
    super()
    this.#keys = keys
    this.values = keys.map(() => null)
  }

  protected takeReply(line: string, bytes: Buffer, dataAt: number): number {
    if (line === 'END') {
      this.isDone = true
      return dataAt
    }
    const [word, key = '', flags, size, cas] = line.split(' ')
    if (word !== 'VALUE') throw new UnexpectedReply(inQuotes(line))
    const end = this.dataEnd(line, bytes, dataAt, Number(size))
    if (end < 0) return end
    this.values[this.#placeOf(key, line)] = {
      flags: Number(flags) >>> 0,
      ttlSeconds: null,
      cas: cas ?? null,
      value: bytes.subarray(dataAt, end - LINE_END_BYTES),
    }
    return end
  }

  /** Items come in the order of the keys; a proxy before several servers may mix them. */
  #placeOf(key: string, line: string): number {
    while (this.#next < this.#keys.length) if (this.#keys[this.#next++] === key) return this.#next - 1
    const place = this.#keys.indexOf(key)
    if (place < 0) throw new UnexpectedReply(`an item that was not asked for: ${inQuotes(line)}`)
    this.#next = place + 1
    return place
  }
}

/** The request that reads items by `mg`, leaving no trace in their LRU; any keys. */
export function metaGetRequest(keys: readonly string[], {values}: {readonly values: boolean}): string {
  const flags = values ? 'f t c u v' : 'f t c u'
  let request = ''
  for (const key of keys) {
    request += isTextKey(key)
      ? `mg ${key} ${flags}\r\n`
      : `mg ${Buffer.from(key, 'latin1').toString('base64')} b ${flags}\r\n`
  }
  return request
}

const noValue = Buffer.alloc(0)

/** The replies to a metaGetRequest, in its order; values are empty where none were asked for. */
export class MetaGetReader extends LinesReader {
  readonly values: (ReadValue | null)[] = []
  readonly #count: number

  constructor(count: number) {
    super()
    this.#count = count
  }

  get isDone(): boolean {
    return this.values.length === this.#count
  }

  protected takeReply(line: string, bytes: Buffer, dataAt: number): number {
    if (line === 'EN') {
      this.values.push(null)
      return dataAt
    }
    const words = line.split(' ')
    const hasValue = words[0] === 'VA'
    if (!hasValue && words[0] !== 'HD') throw new UnexpectedReply(inQuotes(line))
    const end = hasValue ? this.dataEnd(line, bytes, dataAt, Number(words[1])) : dataAt
    if (end < 0) return end
    const value = hasValue ? bytes.subarray(dataAt, end - LINE_END_BYTES) : noValue
    this.values.push(readFlags(line, words, hasValue ? 2 : 1, value))
    return end
  }
}

function readFlags(line: string, words: readonly string[], first: number, value: Buffer): ReadValue {
  let flags = Number.NaN
  let ttlSeconds = Number.NaN
  let cas: string | null = null
  for (let place = first; place < words.length; place++) {
    const word = words[place]!
    if (word.startsWith('f')) flags = Number(word.slice(1))
    else if (word.startsWith('t')) ttlSeconds = Number(word.slice(1))
    else if (word.startsWith('c')) cas = word.slice(1)
  }
  if (Number.isNaN(flags) || Number.isNaN(ttlSeconds) || cas === null) {
    throw new UnexpectedReply(`no flags, time to live or cas unique: ${inQuotes(line)}`)
  }
  return {flags, ttlSeconds, cas, value}
}
