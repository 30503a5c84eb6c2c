import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {readInt32, readUint32, readUint64} from '../../../protocol/text/c-numbers.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {NO_DATA} from '../../../protocol/text/stream-splitter.js'
import type {DataReceiver} from '../conversation/data-receiver.js'
import {BAD_FORMAT, checkWords, keyOf} from '../conversation/line-words.js'
import {beginStore, failStore, finishStore} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {type ItemHeader, TOO_LARGE} from '../store/store.js'
import {ValueFilling} from '../store/value-filling.js'

/** With its CRLF the longest block that memcached's signed 32-bit arithmetic takes. */
export const VALUE_LENGTH_MAX = 0x7fff_fffd

/** set, add, replace, append, prepend and cas of one connection: from the line over its data block to the answer. */
export class StorageCommands implements DataReceiver {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  readonly #header: ItemHeader
  /** Reused for all items. */
  readonly #rule = {verb: 'set' as StorageVerb, expected: {high: 0, low: 0}}
  #noreply = false
  readonly #filling: ValueFilling

  constructor(context: NodeContext, replies: TextReplies) {
    this.#context = context
    this.#replies = replies
    this.#filling = new ValueFilling(context.store)
    this.#header = {
      keyBuffer: replies.writer.buffer,
      keyStart: 0,
      keyEnd: 0,
      hash: 0,
      flags: 0,
      exptime: 0,
      valueBytes: 0,
    }
  }

  /** Reads the command line; returns the length of the data block to come, or NO_DATA. */
  begin(verb: StorageVerb, line: CommandLine): number {
    const {skipsRefusedData} = this.#context.personality
    const words = verb === 'cas' ? 6 : 5
    // Where the data is skipped anyway, a missing cas unique is as bad as any other.
    const refusal = checkWords(this.#context, line, {least: skipsRefusedData ? 5 : words, most: words + 1})
    const noreply = line.endsWithNoreply()
    // Of a line that lacks words the last one counts for nothing.
    if (refusal !== null) return this.#refuse(refusal, false)
    const {bytes} = line
    const flags = readUint32(bytes, line.start(2), line.end(2))
    const exptime = readInt32(bytes, line.start(3), line.end(3))
    const length = readInt32(bytes, line.start(4), line.end(4))
    if (!(length >= 0 && length <= VALUE_LENGTH_MAX)) return this.#refuse(BAD_FORMAT, noreply)
    const valid = line.length(1) <= KEY_MAX_BYTES && !Number.isNaN(flags + exptime)
    if (!valid || !this.#readExpectedCas(verb, line)) {
      this.#refuse(BAD_FORMAT, noreply)
      return skipsRefusedData ? length : NO_DATA
    }
    keyOf(line, this.#header)
    this.#header.flags = flags
    this.#header.exptime = this.#context.clock.expiryOf(exptime)
    this.#header.valueBytes = length
    this.#rule.verb = verb
    this.#noreply = noreply
    this.#allocate()
    return length
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#filling.take(bytes, start, end)
  }

  dataEnd(terminated: boolean): void {
    const item = this.#filling.finish()
    if (item === 0) return
    if (!terminated) {
      failStore(this.#context, item)
      this.#replies.line('CLIENT_ERROR bad data chunk', this.#noreply)
      return
    }
    const result = finishStore(this.#context, item, this.#rule)
    this.#replies.line(typeof result === 'number' ? 'STORED' : result, this.#noreply)
  }

  abort(): void {
    this.#filling.abort()
  }

  #readExpectedCas(verb: StorageVerb, line: CommandLine): boolean {
    const expected = this.#rule.expected
    if (verb !== 'cas') {
      // append and prepend would compare it, too.
      expected.high = 0
      expected.low = 0
      return true
    }
    const cas = line.count > 5 ? readUint64(line.bytes, line.start(5), line.end(5)) : null
    if (cas === null) return false
    expected.high = Number(cas >> 32n)
    expected.low = Number(cas & 0xffff_ffffn)
    return true
  }

  #allocate(): void {
    const item = beginStore(this.#context, this.#rule.verb, this.#header)
    if (item > 0) {
      this.#filling.begin(item)
      return
    }
    const reason = item === TOO_LARGE ? 'object too large for cache' : 'out of memory storing object'
    // memcached 1.4.13 takes the data for commands where it was told not to reply; here they are always skipped.
    this.#replies.line(`SERVER_ERROR ${reason}`, this.#noreply)
  }

  #refuse(text: string, noreply: boolean): number {
    this.#replies.line(text, noreply)
    return NO_DATA
  }
}
