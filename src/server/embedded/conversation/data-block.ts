import {readInt32} from '../../../protocol/text/c-numbers.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {beginStore, failStore} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {type ItemHeader, TOO_LARGE} from '../store/store.js'
import {ValueFilling} from '../store/value-filling.js'

/** Takes the data block of a command. */
export interface DataReceiver {
  /** The next piece of the block. */
  data(bytes: Buffer, start: number, end: number): void
  /** The block and the two bytes after it have come; `terminated`: those two are CRLF. */
  dataEnd(terminated: boolean): void
  /** The block will never be complete: frees what was allocated for it. */
  abort(): void
}

/** Longest data block: with its CRLF the largest signed 32-bit number, as in memcached. */
const BLOCK_MAX_BYTES = 0x7fff_fffd

/** Reads the length of a data block from a word of the command line; null when memcached would refuse it. */
export function readBlockBytes(line: CommandLine, word: number): number | null {
  const bytes = word < line.count ? readInt32(line.bytes, line.start(word), line.end(word)) : Number.NaN
  return bytes >= 0 && bytes <= BLOCK_MAX_BYTES ? bytes : null
}

/** The data block of a text or meta storage command; its bytes go straight into the new item. */
export class StorageBlock implements DataReceiver {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  readonly #onFilled: (item: number) => void
  readonly #filling: ValueFilling
  #noreply = false

  constructor(options: {
    context: NodeContext
    replies: TextReplies
    /** Called when the block is complete; stores the item and answers the client. */
    onFilled: (item: number) => void
  }) {
    this.#context = options.context
    this.#replies = options.replies
    this.#onFilled = options.onFilled
    this.#filling = new ValueFilling(options.context.store)
  }

  /**
   * Makes the item for the block that follows. Returns its number, or memcached's
   * refusal when there is no room; the block is then skipped.
   * @param noreply true = a block without its CRLF is not answered
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
