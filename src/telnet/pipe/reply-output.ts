import {ReplyParser} from '../../protocol/text/reply-parser.js'

const VERSION_LINE_MAX_BYTES = 64
const LF = 0x0a

/**
 * Passes replies through byte for byte, all but one: the answer to the barrier,
 * the `version` that we send ourselves after the last command.
 */
export class ReplyOutput {
  readonly #write: (bytes: Buffer) => void
  readonly #parser: ReplyParser
  #versionsBefore: number | null = null
  #versionsSeen = 0
  #passed = false
  /** The start of a line that may become the barrier's answer. */
  #held: Buffer = Buffer.alloc(0)

  /** @param onReply called as each reply is complete, but for the barrier's */
  constructor(write: (bytes: Buffer) => void, onReply: () => void = () => {}) {
    this.#write = write
    this.#parser = new ReplyParser({
      onReply: kind => {
        if (kind === 'version' && this.#versionsSeen++ === this.#versionsBefore) this.#passed = true
        else onReply()
      },
    })
  }

  /** Tells that the barrier is on its way, after so many `version` commands of the user. */
  expectBarrier(versionsBefore: number): void {
    this.#versionsBefore = versionsBefore
  }

  /** Takes the next bytes; true when the barrier has been answered and so everything before it. */
  push(chunk: Buffer): boolean {
    this.#parser.push(chunk)
    const bytes = Buffer.concat([this.#held, chunk])
    const end = this.#passed ? bytes.lastIndexOf('VERSION ') : this.#endOfCertain(bytes)
    if (end > 0) this.#write(bytes.subarray(0, end))
    this.#held = bytes.subarray(end)
    return this.#passed
  }

  #endOfCertain(bytes: Buffer): number {
    if (this.#versionsBefore === null) return bytes.length
    const lineStart = bytes.lastIndexOf(LF) + 1
    return bytes.length - lineStart > VERSION_LINE_MAX_BYTES ? bytes.length : lineStart
  }
}
