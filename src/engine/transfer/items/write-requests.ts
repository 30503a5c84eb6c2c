import {inQuotes} from '../../../ask/quote.js'
import {assertNever} from '../../../protocol/errors.js'
import {isTextKey} from '../../../protocol/text/text-key.js'
import {type RepliesReader, UnexpectedReply} from './pipelined-connection.js'
import type {StoredItem} from './stored-item.js'

/** A write that changes nothing when the server holds something else by then; but for `set`. */
export type ItemWrite =
  /** Where there is no item. */
  | {readonly kind: 'add'; readonly item: WrittenItem}
  /** Where the item is still the one that was read with this cas unique. */
  | {readonly kind: 'cas'; readonly item: WrittenItem; readonly cas: string}
  /** Over whatever is there. */
  | {readonly kind: 'set'; readonly item: WrittenItem}
  /** As `cas`: no item is left. */
  | {readonly kind: 'delete'; readonly key: string; readonly cas: string}
  /** Where there is no item: leaves none, and makes a server that replicates tell its peer that there is none. */
  | {readonly kind: 'forget'; readonly key: string}

/** `expiresAt` in Unix seconds by the clock of the server that is written to, 0 = never. */
export type WrittenItem = Pick<StoredItem, 'key' | 'flags' | 'value'> & {readonly expiresAt: number}

export type WriteOutcome =
  | 'done'
  /** An item is there. */
  | 'present'
  /** Another item is there than was read. */
  | 'changed'
  /** The item that was read is not there any more. */
  | 'gone'
  | 'tooLarge'
  | 'noMemory'
  /** For another reason. */
  | 'refused'

/** memcached takes a negative exptime as long past, and keeps no item. */
const LONG_PAST = -1

/** The request for writes with text keys, and with odd ones where the server has meta commands. */
export function writeRequest(writes: readonly ItemWrite[]): Buffer {
  const heads = writes.map(headOf)
  let length = 0
  for (const [place, write] of writes.entries()) length += heads[place]!.length + dataLength(write)
  const request = Buffer.allocUnsafe(length)
  let at = 0
  for (const [place, write] of writes.entries()) {
    at += request.write(heads[place]!, at, 'latin1')
    const value = valueBytesOf(write)
    if (value === null) continue
    at += value.copy(request, at)
    request[at++] = 0x0d
    request[at++] = 0x0a
  }
  return request
}

const empty = Buffer.alloc(0)

/** The data block of a write; null without one. */
function valueBytesOf(write: ItemWrite): Buffer | null {
  if (write.kind !== 'delete' && write.kind !== 'forget') return write.item.value
  return write.kind === 'forget' || isTextKey(write.key) ? empty : null
}

function dataLength(write: ItemWrite): number {
  const value = valueBytesOf(write)
  return value === null ? 0 : value.length + 2
}

function headOf(write: ItemWrite): string {
  if (write.kind === 'delete') {
    const {key, cas} = write
    // By text a delete cannot be guarded; an item that has expired at once is one.
    return isTextKey(key) ? `cas ${key} 0 ${LONG_PAST} 0 ${cas}\r\n` : `md ${base64(key)} b C${cas}\r\n`
  }
  if (write.kind === 'forget') {
    const {key} = write
    return isTextKey(key) ? `add ${key} 0 ${LONG_PAST} 0\r\n` : `ms ${base64(key)} 0 b T${LONG_PAST} ME\r\n`
  }
  const {key, flags, expiresAt, value} = write.item
  if (isTextKey(key)) {
    const cas = write.kind === 'cas' ? ` ${write.cas}` : ''
    return `${write.kind} ${key} ${flags} ${expiresAt} ${value.length}${cas}\r\n`
  }
  return `ms ${base64(key)} ${value.length} b F${flags} T${expiresAt} ${metaMode(write)}\r\n`
}

function metaMode(write: Extract<ItemWrite, {item: WrittenItem}>): string {
  switch (write.kind) {
    case 'add':
      return 'ME'
    case 'cas':
      return `C${write.cas}`
    case 'set':
      return 'MS'
    default:
      return assertNever(write)
  }
}

function base64(key: string): string {
  return Buffer.from(key, 'latin1').toString('base64')
}

const outcomes: Readonly<Record<string, WriteOutcome>> = {
  STORED: 'done',
  NOT_STORED: 'present',
  EXISTS: 'changed',
  NOT_FOUND: 'gone',
  HD: 'done',
  NS: 'present',
  EX: 'changed',
  NF: 'gone',
}

const LINE_FEED = 0x0a
const LINE_MAX_BYTES = 2048

/** The replies to a writeRequest, in its order. */
export class WriteReader implements RepliesReader {
  readonly outcomes: WriteOutcome[] = []
  readonly wantedBytes = 0
  /** The first refusal that is not of a size or of memory, as the server said it. */
  refusal: string | null = null
  readonly #count: number

  constructor(count: number) {
    this.#count = count
  }

  get isDone(): boolean {
    return this.outcomes.length === this.#count
  }

  take(bytes: Buffer, from: number): number {
    let at = from
    while (!this.isDone) {
      const lineFeed = bytes.indexOf(LINE_FEED, at)
      if (lineFeed < 0) {
        if (bytes.length - at > LINE_MAX_BYTES) throw new UnexpectedReply('a line without an end')
        return at
      }
      this.outcomes.push(this.#outcomeOf(bytes.toString('latin1', at, lineFeed - 1)))
      at = lineFeed + 1
    }
    return at
  }

  #outcomeOf(line: string): WriteOutcome {
    const outcome = outcomes[line]
    if (outcome !== undefined) return outcome
    if (line.startsWith('SERVER_ERROR object too large')) return 'tooLarge'
    if (line.startsWith('SERVER_ERROR out of memory')) return 'noMemory'
    // Whether the data block was read as commands is not known: what follows may be anything.
    if (!line.startsWith('SERVER_ERROR ')) throw new UnexpectedReply(inQuotes(line))
    this.refusal ??= line
    return 'refused'
  }
}
