import {AskConnection} from '../../ask/ask-connection.js'
import {AskError} from '../../ask/ask-error.js'
import type {OwnTraffic} from '../../ask/own-traffic.js'
import type {Answer, Question} from '../../ask/question.js'
import type {Address} from '../../protocol/address.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'

export interface ProbeAnswer {
  readonly kind: ReplyKind
  /** The line that ended the reply. */
  readonly line: string
  /** Keys of a get that were there. */
  readonly found: readonly string[]
  /** When the request could be sent, and when the reply was complete; on performance.now(). */
  readonly sentAtMs: number
  readonly atMs: number
}

export interface ProbeRequest {
  /** A command with its line ends. */
  readonly text: string
  /** Called once: with the answer, or with a text that says why there is none. */
  readonly settle: (outcome: ProbeAnswer | string) => void
}

const VALUE_WORD = 'VALUE '.length
const SPACE = 0x20
/** Limit of one reply, which has some dozens of short values. */
const REPLY_MAX_BYTES = 64 * 1024
/** After this long without an answer it connects anew: the node's machine may have been reset. */
const PATIENCE_MS = 10_000

/**
 * One connection of a probe: opened by the first request, and again by the first one after it was lost. Any number of
 * requests may be under way.
 */
export class ProbeConnection {
  readonly #connection: AskConnection

  /** @param traffic counts what the probe does to the node */
  constructor(address: Address, traffic: readonly OwnTraffic[]) {
    this.#connection = new AskConnection({
      address,
      redials: true,
      lines: false,
      limits: {timeoutMs: PATIENCE_MS, maxBytes: REPLY_MAX_BYTES},
      traffic,
    })
  }

  get connected(): boolean {
    return this.#connection.connected
  }

  /** When the oldest unanswered request was sent; null without one. */
  get waitingSinceMs(): number | null {
    return this.#connection.waitingSinceMs
  }

  /** Sends requests together. */
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
      settle: outcome => request.settle(outcome instanceof AskError ? outcome.message : answerOf(outcome, found)),
    }
  }
}

function answerOf({kind, lastLine: line, sentAtMs, atMs}: Answer, found: readonly string[]): ProbeAnswer {
  return {kind, line, found, sentAtMs, atMs}
}
