import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {readInt32, readUint32, readUint64} from '../../../protocol/text/c-numbers.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {NO_DATA} from '../../../protocol/text/stream-splitter.js'
import {readBlockBytes, StorageBlock} from '../conversation/data-block.js'
import {BAD_FORMAT, checkWords, keyOf} from '../conversation/line-words.js'
import {finishStore} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import type {ItemHeader} from '../store/store.js'

/** set, add, replace, append, prepend and cas of one connection: command line, data block, reply. */
export class StorageCommands {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  readonly #header: ItemHeader
  /** Reused for all items. */
  readonly #rule = {verb: 'set' as StorageVerb, expected: {high: 0, low: 0}}
  #noreply = false
  /** Receives the data block. */
  readonly block: StorageBlock

  constructor(context: NodeContext, replies: TextReplies) {
    this.#context = context
    this.#replies = replies
    this.block = new StorageBlock({context, replies, onFilled: item => this.#store(item)})
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
    // Where refused data is skipped, a missing cas unique is refused like a malformed one.
    const refusal = checkWords(this.#context, line, {least: skipsRefusedData ? 5 : words, most: words + 1})
    const noreply = line.endsWithNoreply()
    // A line with too few words has no noreply.
    if (refusal !== null) return this.#refuse(refusal, false)
    const {bytes} = line
    const flags = readUint32(bytes, line.start(2), line.end(2))
    const exptime = readInt32(bytes, line.start(3), line.end(3))
    const blockBytes = readBlockBytes(line, 4)
    if (blockBytes === null) return this.#refuse(BAD_FORMAT, noreply)
    const valid = line.length(1) <= KEY_MAX_BYTES && !Number.isNaN(flags + exptime)
    if (!valid || !this.#readExpectedCas(verb, line)) {
      this.#refuse(BAD_FORMAT, noreply)
      return skipsRefusedData ? blockBytes : NO_DATA
    }
    keyOf(line, this.#header)
    this.#header.flags = flags
    this.#header.exptime = this.#context.clock.expiryOf(exptime)
    this.#header.valueBytes = blockBytes
    this.#rule.verb = verb
    this.#noreply = noreply
    const made = this.block.begin(verb, this.#header, noreply)
    // With noreply memcached 1.4.13 runs the data of a refused set as commands; here it is always skipped.
    if (typeof made === 'string') this.#replies.line(made, noreply)
    return blockBytes
  }

  #store(item: number): void {
    const result = finishStore(this.#context, item, this.#rule)
    this.#replies.line(typeof result === 'number' ? 'STORED' : result, this.#noreply)
  }

  #readExpectedCas(verb: StorageVerb, line: CommandLine): boolean {
    const expected = this.#rule.expected
    if (verb !== 'cas') {
      // Must not keep the value of the last cas: append and prepend compare it, too.
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

  #refuse(text: string, noreply: boolean): number {
    this.#replies.line(text, noreply)
    return NO_DATA
  }
}
