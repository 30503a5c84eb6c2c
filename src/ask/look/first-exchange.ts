import type {Address} from '../../protocol/address.js'
import type {AskProblem} from '../ask-error.js'
import {AskSocket, interrupted} from '../ask-socket.js'

const KEPT_BYTES = 4096

interface FirstExchangeOptions {
  readonly address: Address
  readonly question: Uint8Array
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Whether these bytes are enough. */
  readonly isEnough: (bytes: Uint8Array) => boolean
}

/** Result of one question on a connection of its own. */
export interface FirstExchange {
  /** Address that the host resolved to; null when no connection was made. */
  readonly ip: string | null
  readonly bytes: Buffer
  /** Why no more bytes came; null when there were enough. */
  readonly problem: AskProblem | null
}

/** Asks, and takes bytes of any protocol until there are enough, 4 kB at most. Never rejects. */
export function exchangeFirstWords(options: FirstExchangeOptions): Promise<FirstExchange> {
  const {address, question, timeoutMs, signal, isEnough} = options
  const {promise, resolve} = Promise.withResolvers<FirstExchange>()
  let bytes: Buffer = Buffer.alloc(0)
  let ip: string | null = null
  const settle = (problem: AskProblem | null): void => resolve({ip, bytes, problem})
  const socket = new AskSocket({
    address,
    signal,
    events: {
      onConnect() {
        ip = socket.ends?.remoteAddress ?? address.host
      },
      onBytes(chunk) {
        bytes = Buffer.concat([bytes, chunk.subarray(0, KEPT_BYTES - bytes.length)])
        if (!isEnough(bytes) && bytes.length < KEPT_BYTES) return
        settle(null)
        socket.end({code: 'ERR_ASK_ABORTED', got: 'enough'})
      },
      onEnd: settle,
    },
  })
  socket.endAt(performance.now() + timeoutMs, () => ({
    code: 'ERR_ASK_TIMEOUT',
    got: `no answer within ${Math.round(timeoutMs)} ms`,
  }))
  if (signal?.aborted) socket.end(interrupted)
  else socket.write(question)
  return promise
}
