import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {SPACE} from '../../../protocol/text/ascii.js'
import {readInt32} from '../../../protocol/text/c-numbers.js'
import {BAD_EXPTIME, BAD_FORMAT} from '../conversation/line-words.js'
import {fetchItem, touchItem} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {hashKey} from '../store/memory/key-index.js'

/** get, gets, gat and gats. Reads the keys straight from the line, so a line may hold any number of them. */
export class RetrievalCommands {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  #withCas = false
  /** The exptime that gat sets, in seconds as the client gave it; null for get. */
  #exptime: number | null = null

  constructor(context: NodeContext, replies: TextReplies) {
    this.#context = context
    this.#replies = replies
  }

  /** `get <key>*`; the keys are in bytes[start, end). */
  get(bytes: Buffer, start: number, end: number, withCas: boolean): void {
    this.#withCas = withCas
    this.#exptime = null
    const keys = this.#answerKeys(bytes, start, end)
    if (keys >= 0) this.#replies.line(keys === 0 ? this.#context.personality.missingWords : 'END')
  }

  /** `gat <exptime> <key>*`, from memcached 1.5 on; the words are in bytes[start, end). */
  getAndTouch(bytes: Buffer, start: number, end: number, withCas: boolean): void {
    const exptimeStart = skipSpaces(bytes, start, end)
    const exptimeEnd = wordEnd(bytes, exptimeStart, end)
    if (exptimeEnd === exptimeStart) {
      this.#replies.line(this.#context.personality.missingWords)
      return
    }
    this.#exptime = readInt32(bytes, exptimeStart, exptimeEnd)
    this.#withCas = withCas
    if (Number.isNaN(this.#exptime)) this.#replies.line(BAD_EXPTIME)
    else this.#endGetAndTouch(this.#answerKeys(bytes, exptimeEnd, end))
  }

  #endGetAndTouch(keys: number): void {
    const {gatNeedsKey, missingWords} = this.#context.personality
    if (keys >= 0) this.#replies.line(keys === 0 && gatNeedsKey ? missingWords : 'END')
  }

  /** Returns the number of keys; -1 = a key is too long, and only an error was answered. */
  #answerKeys(bytes: Buffer, start: number, end: number): number {
    const tooLong = end - start > KEY_MAX_BYTES && hasLongKey(bytes, start, end)
    let keys = 0
    let at = skipSpaces(bytes, start, end)
    while (at < end && bytes[at] !== 0) {
      const keyEnd = wordEnd(bytes, at, end)
      if (keyEnd - at > KEY_MAX_BYTES) {
        this.#replies.line(BAD_FORMAT)
        return -1
      }
      const item = this.#find(bytes, at, keyEnd)
      if (item !== 0 && !tooLong) this.#write(item)
      keys++
      at = skipSpaces(bytes, keyEnd, end)
    }
    return keys
  }

  #find(bytes: Buffer, keyStart: number, keyEnd: number): number {
    if (this.#exptime === null) return fetchItem(this.#context, bytes, keyStart, keyEnd)
    const hash = hashKey(bytes, keyStart, keyEnd)
    return touchItem(this.#context, {keyBuffer: bytes, keyStart, keyEnd, hash}, this.#exptime)
  }

  #write(item: number): void {
    const {store, settings} = this.#context
    const {columns} = store
    const source = store.bytesOf(item)
    const offset = store.offsetOf(item)
    const valueStart = store.valueOffsetOf(item)
    const itemEnd = valueStart + columns.valueBytes[item]! + 2
    const {writer} = this.#replies
    writer.reserve(6 + itemEnd - offset + 21)
    writer.text('VALUE ')
    if (this.#withCas) {
      writer.bytes(source, offset, valueStart - 2)
      writer.text(' ')
      if (settings.useCas) writer.decimal64(columns.casHigh[item]!, columns.casLow[item]!)
      else writer.text('0')
      writer.bytes(source, valueStart - 2, itemEnd)
    } else {
      writer.bytes(source, offset, itemEnd)
    }
    this.#replies.logKey(source, offset, offset + columns.keyBytesOf(item))
  }
}

function skipSpaces(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === SPACE) at++
  return at
}

/** A word ends at a space or, like a C string, at a NUL. */
function wordEnd(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== SPACE && bytes[at] !== 0) at++
  return at
}

function hasLongKey(bytes: Buffer, start: number, end: number): boolean {
  let at = skipSpaces(bytes, start, end)
  while (at < end && bytes[at] !== 0) {
    const keyEnd = wordEnd(bytes, at, end)
    if (keyEnd - at > KEY_MAX_BYTES) return true
    at = skipSpaces(bytes, keyEnd, end)
  }
  return false
}
