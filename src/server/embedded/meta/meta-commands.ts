import {assertNever} from '../../../protocol/errors.js'
import type {MetaVerb} from '../../../protocol/text/command.js'
import {NO_DATA} from '../../../protocol/text/stream-splitter.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {runMetaArithmetic, runMetaDebug, runMetaDelete} from './meta-changes.js'
import {runMetaGet} from './meta-get.js'
import {MetaRequest} from './meta-request.js'
import {MetaStorage} from './meta-storage.js'

/** The meta commands of memcached 1.6 for one connection. */
export class MetaCommands {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  readonly #request: MetaRequest
  readonly storage: MetaStorage

  constructor(context: NodeContext, replies: TextReplies) {
    this.#context = context
    this.#replies = replies
    this.#request = new MetaRequest(context.store.cas)
    this.storage = new MetaStorage(context, replies)
  }

  /** Runs the command in bytes[start, end); returns the length of the data block to come, or NO_DATA. */
  run(verb: MetaVerb, bytes: Buffer, start: number, end: number): number {
    const context = this.#context
    const replies = this.#replies
    const request = this.#request
    request.line.read(bytes, start, end)
    switch (verb) {
      case 'mg':
        runMetaGet(context, request, replies)
        return NO_DATA
      case 'ms':
        return this.storage.begin(request)
      case 'md':
        runMetaDelete(context, request, replies)
        return NO_DATA
      case 'ma':
        runMetaArithmetic(context, request, replies)
        return NO_DATA
      case 'me':
        runMetaDebug(context, request, replies)
        return NO_DATA
      case 'mn':
        replies.line('MN')
        return NO_DATA
      default:
        return assertNever(verb)
    }
  }
}
