import {readInt32} from '../../../protocol/text/c-numbers.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {beginStore, failStore} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {type ItemHeader, TOO_LARGE} from '../store/store.js'
import {ValueFilling} from '../store/value-filling.js'

/** Takes the data block of the command that asked for it. */
export interface DataReceiver {
  /** The next piece of the block. */
  data(bytes: Buffer, start: number, end: number): void
  /** The block and the two bytes after it have come; `terminated` = those two were CRLF. */
  dataEnd(terminated: boolean): void
  /** The block will not come: frees what was kept for it. */
  abort(): void
}

/** With its CRLF the longest block that memcached's signed 32-bit arithmetic takes. */
const BLOCK_MAX_BYTES = 0x7fff_fffd

/** The length of a storage command's data block, told by a word of its line; null for none that memcached takes. */
export function readBlockBytes(line: CommandLine, word: number): number | null {
  const bytes = word < line.count ? readInt32(line.bytes, line.start(word), line.end(word)) : Number.NaN
  return bytes >= 0 && bytes <= BLOCK_MAX_BYTES ? bytes : null
}

/** The data block of a storage command in text: its bytes go straight into the item that they make. */
export class StorageBlock implements DataReceiver {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  readonly #onFilled: (item: number) => void
  readonly #filling: ValueFilling
  #noreply = false

  constructor(options: {
    context: NodeContext
    replies: TextReplies
    /** The block is complete: the item is to be stored, and the client answered. */
    onFilled: (item: number) => void
  }) {
    this.#context = options.context
    this.#replies = options.replies
    this.#onFilled = options.onFilled
    this.#filling = new ValueFilling(options.context.store)
  }

  /**
   * Makes the item for the block that follows: its number, or memcached's words for
   * why there is none; the block is skipped then.
   * @param noreply a block that is no whole one is not answered
   */
  begin(verb: StorageVerb, header: ItemHeader, noreply = false): number | string {
    const item = beginStore(this.#context, verb, header)
    if (item <= 0) {
      return item === TOO_LARGE
        ? 'SERVER_ERROR object too large for cache'
        : 'SERVER_ERROR out of memory storing object'
    }
    this.#noreply = noreply
    this.#filling.begin(item)
    return item
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#filling.take(bytes, start, end)
  }

  dataEnd(terminated: boolean): void {
    const item = this.#filling.finish()
    if (item === 0) return
    if (terminated) {
      this.#onFilled(item)
      return
    }
    failStore(this.#context, item)
    this.#replies.line('CLIENT_ERROR bad data chunk', this.#noreply)
  }

  abort(): void {
    this.#filling.abort()
  }
}
