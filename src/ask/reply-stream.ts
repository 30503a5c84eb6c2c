import type {ReplyKind} from '../protocol/text/reply-kind.js'
import {REPLY_LINE_MAX_BYTES, type ReplyHandler, ReplyParser} from '../protocol/text/reply-parser.js'
import type {AskLimits} from './ask-limits.js'
import type {ReplyReader} from './question.js'
import {inQuotes} from './quote.js'

/** The reader of the reply that is due, and how much of it is taken. */
export interface ReplyTaker {
  readonly reader: ReplyReader | undefined
  readonly limits: Pick<AskLimits, 'maxBytes' | 'maxLines'>
}

export interface ReplyStreamOptions {
  /** Whether readers are told of lines; they are not counted otherwise. */
  readonly lines: boolean
  /** Undefined when no question is open. */
  readonly taker: () => ReplyTaker | undefined
  readonly onReply: (end: {readonly kind: ReplyKind; readonly lastLine: string; readonly bytes: number}) => void
  /** Called with what is too long, as the end of "Expected … from …, got …". */
  readonly onTooLong: (got: string) => void
}

/** Cuts a byte stream into replies, and notices at once which are too long to be taken. */
export class ReplyStream {
  readonly #options: ReplyStreamOptions
  readonly #parser: ReplyParser
  #lines = 0

  constructor(options: ReplyStreamOptions) {
    this.#options = options
    const handler: ReplyHandler = {
      onValue: (bytes, start, end, size) => {
        const taker = this.#takerOf(this.#parser.bytesSoFar + size)
        taker?.reader?.onValue?.(bytes, start, end, size)
      },
      onData: (bytes, start, end, last) => options.taker()?.reader?.onData?.(bytes, start, end, last),
      onReply: kind => this.#endReply(kind),
    }
    // Without it the parser reads short replies faster.
    if (options.lines) handler.onLine = line => this.#takeLine(line)
    this.#parser = new ReplyParser(handler)
  }

  /** Bytes so far of the reply that is due. */
  get bytesSoFar(): number {
    return this.#parser.bytesSoFar
  }

  get midReply(): boolean {
    return this.#parser.midReply
  }

  push(chunk: Uint8Array): void {
    this.#parser.push(chunk)
    this.#takerOf(this.#parser.bytesSoFar)
  }

  #takeLine(line: Uint8Array): void {
    const taker = this.#options.taker()
    if (taker === undefined) return
    const {maxLines} = taker.limits
    this.#lines++
    if (this.#lines > maxLines) this.#options.onTooLong(`a reply of more than ${maxLines} lines`)
    else taker.reader?.onLine?.(line)
  }

  /** Undefined when the reply is longer than its limit. */
  #takerOf(bytes: number): ReplyTaker | undefined {
    const taker = this.#options.taker()
    if (taker === undefined || bytes <= taker.limits.maxBytes) return taker
    this.#options.onTooLong(`a reply of more than ${taker.limits.maxBytes} bytes`)
    return undefined
  }

  #endReply(kind: ReplyKind): void {
    const lastLine = this.#parser.lastLine()
    this.#lines = 0
    if (kind === 'unknown' && lastLine.length === REPLY_LINE_MAX_BYTES) {
      this.#options.onTooLong(`a line of more than ${REPLY_LINE_MAX_BYTES} bytes: ${inQuotes(lastLine)}`)
    } else this.#options.onReply({kind, lastLine, bytes: this.#parser.replyBytes})
  }
}
