import type {NodeLog} from '../node/node-log-writer.js'
import type {ReplyWriter} from './reply-writer.js'

/** Replies of one text connection: written to the writer and, at -vv, to the log in memcached's form. */
export class TextReplies {
  readonly writer: ReplyWriter
  readonly #log: NodeLog
  readonly #id: number

  constructor({writer, log, id}: {writer: ReplyWriter; log: NodeLog; id: number}) {
    this.writer = writer
    this.#log = log
    this.#id = id
  }

  /** A reply of one line. */
  line(text: string, noreply = false): void {
    if (this.#log.shows(2)) this.#log.line(2, noreply ? `>${this.#id} NOREPLY ${text}` : `>${this.#id} ${text}`)
    if (!noreply) this.writer.line(text)
  }

  /** Logs a key whose value is being sent. */
  logKey(bytes: Buffer, start: number, end: number): void {
    if (!this.#log.shows(2)) return
    this.#log.line(2, `>${this.#id} sending key ${bytes.toString('latin1', start, end)}`)
  }
}
