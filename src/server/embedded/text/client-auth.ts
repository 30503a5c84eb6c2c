import {timingSafeEqual} from 'node:crypto'
import {readUint32} from '../../../protocol/text/c-numbers.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {NO_DATA} from '../../../protocol/text/stream-splitter.js'
import type {DataReceiver} from '../conversation/data-block.js'
import type {NodeContext} from '../node/node-context.js'
import type {Credential} from '../node/node-settings.js'
import type {TextReplies} from '../replies/text-replies.js'

/** memcached's limit for user and password together. */
const TOKEN_MAX_BYTES = 16_384

/**
 * `-Y`: a client must first send `set <any> 0 0 <bytes>` with the data
 * `<user> <password>`; every other command is refused, in memcached 1.6's words.
 */
export class ClientAuth implements DataReceiver {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  #token = ''
  /** The client is authenticated, or need not be. */
  passed: boolean

  constructor(context: NodeContext, replies: TextReplies) {
    this.#context = context
    this.#replies = replies
    this.passed = context.settings.auth === null
  }

  /** Takes a line of a client that is not authenticated; returns the length of the data to come, or NO_DATA. */
  begin(line: CommandLine): number {
    const bytes = line.count >= 5 && line.is(0, 'set') ? readUint32(line.bytes, line.start(4), line.end(4)) : Number.NaN
    if (Number.isNaN(bytes)) return this.#refuse('CLIENT_ERROR unauthenticated')
    if (bytes > TOKEN_MAX_BYTES) return this.#refuse('CLIENT_ERROR auth token too long')
    this.#token = ''
    return bytes
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#token += bytes.toString('latin1', start, end)
  }

  dataEnd(terminated: boolean): void {
    this.#replies.line(terminated ? this.#check() : 'CLIENT_ERROR bad command line termination')
    this.#token = ''
  }

  abort(): void {
    this.#token = ''
  }

  #check(): string {
    const {counters, settings} = this.#context
    const space = this.#token.indexOf(' ')
    if (space < 0) return 'CLIENT_ERROR bad authentication token format'
    counters.authCommands++
    const given = {user: this.#token.slice(0, space), password: this.#token.slice(space + 1)}
    this.passed = settings.auth?.credentials.some(known => isSame(known, given)) === true
    if (this.passed) return 'STORED'
    counters.authErrors++
    return 'CLIENT_ERROR authentication failure'
  }

  #refuse(text: string): typeof NO_DATA {
    this.#replies.line(text)
    return NO_DATA
  }
}

/** Compares in constant time. */
function isSame(a: Credential, b: Credential): boolean {
  const [left, right] = [
    Buffer.from(`${a.user}\n${a.password}`, 'latin1'),
    Buffer.from(`${b.user}\n${b.password}`, 'latin1'),
  ]
  return left.length === right.length && timingSafeEqual(left, right)
}
