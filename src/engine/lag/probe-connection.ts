import {AskConnection} from '../../ask/ask-connection.js'
import {AskError} from '../../ask/ask-error.js'
import type {Answer, Question} from '../../ask/question.js'
import type {Address} from '../../protocol/address.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'

type ProbeCommand = 'set' | 'get' | 'delete'

/** Told of what a probe does to a node, so that it can be taken out of the node's figures. */
export interface ProbeObserver {
  connected(): void
  disconnected(): void
  asked(requestBytes: number): void
  /** A get counts once for each of its keys. */
  answered(answer: {
    readonly command: ProbeCommand
    readonly hits: number
    readonly misses: number
    readonly bytes: number
  }): void
  /** There will be no answer to one request. */
  failed(): void
}

export interface ProbeAnswer {
  readonly kind: ReplyKind
  /** The line that ended the reply. */
  readonly line: string
  /** Keys of a get that were there. */
  readonly found: readonly string[]
  /** Monotonic ms at which the request could leave, and at which the reply was complete. */
  readonly sentAtMs: number
  readonly atMs: number
}

export interface ProbeRequest {
  readonly command: ProbeCommand
  /** With its line ends. */
  readonly text: string
  /** How many keys a get asks for. */
  readonly keys: number
  /** Called once; with a text when there will be no answer. */
  readonly settle: (outcome: ProbeAnswer | string) => void
}

const VALUE_WORD = 'VALUE '.length
const SPACE = 0x20
/** Of one reply: some dozens of short values. */
const REPLY_MAX_BYTES = 64 * 1024
/** A node that owes an answer for so long is dialled anew: its machine may have been reset. */
const PATIENCE_MS = 10_000

/**
 * One connection of a probe: dialled by the first request, and again by the first one after it was lost. Any number of
 * requests may be under way.
 */
export class ProbeConnection {
  readonly #connection: AskConnection
  readonly #observer: ProbeObserver

  constructor(address: Address, observer: ProbeObserver) {
    this.#observer = observer
    this.#connection = new AskConnection({
      address,
      redials: true,
      lines: false,
      limits: {timeoutMs: PATIENCE_MS, maxBytes: REPLY_MAX_BYTES},
      observer: {
        connected: () => observer.connected(),
        disconnected: () => observer.disconnected(),
        asked: requestBytes => observer.asked(requestBytes),
      },
    })
  }

  get connected(): boolean {
    return this.#connection.connected
  }

  /** Since when the node owes an answer; null when it owes none. */
  get waitingSinceMs(): number | null {
    return this.#connection.waitingSinceMs
  }

  /** Those of one call leave together. */
  send(requests: readonly ProbeRequest[]): void {
    this.#connection.send(...requests.map(request => this.#questionOf(request)))
  }

  drop(): void {
    this.#connection.close()
  }

  #questionOf(request: ProbeRequest): Question {
    const found: string[] = []
    return {
      request: request.text,
      reader: {
        onValue: (bytes, start) => {
          const from = start + VALUE_WORD
          found.push(Buffer.from(bytes.subarray(from, bytes.indexOf(SPACE, from))).toString('latin1'))
        },
      },
      settle: outcome => this.#settle(request, {found, outcome}),
    }
  }

  #settle(
    {command, keys, settle}: ProbeRequest,
    {found, outcome}: {found: readonly string[]; outcome: Answer | AskError},
  ): void {
    if (outcome instanceof AskError) {
      this.#observer.failed()
      settle(outcome.message)
      return
    }
    const {kind, lastLine: line, bytes, sentAtMs, atMs} = outcome
    const [hits, misses] = command === 'get' ? [found.length, keys - found.length] : [0, 0]
    this.#observer.answered({command, hits, misses, bytes})
    settle({kind, line, found, sentAtMs, atMs})
  }
}
