import {connect} from 'node:net'
import {type Address, formatAddress} from '../protocol/address.js'
import {ReplyParser} from '../protocol/reply-parser.js'
import {NodeReplyError} from './node-errors.js'

export interface AskOptions {
  /** @default 1000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Asks a node something, here or elsewhere. */
export type AskNode = (address: Address, command: string, options?: AskOptions) => Promise<string[]>

/**
 * Sends one command on a connection of its own and resolves with the lines of the reply.
 * @throws NodeReplyError when no complete reply comes in time.
 */
export function askNode(
  address: Address,
  command: string,
  {timeoutMs = 1000, signal}: AskOptions = {},
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    const socket = connect({host: address.host, port: address.port, noDelay: true})
    const timer = setTimeout(() => fail(`no reply within ${timeoutMs} ms`), timeoutMs)
    const onAbort = () => fail('an abort')
    signal?.addEventListener('abort', onAbort)
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
    }
    const fail = (problem: string, cause?: unknown) => {
      settle()
      const where = formatAddress(address)
      reject(new NodeReplyError(`Expected ${where} to answer '${command}', got ${problem}`, {cause}))
    }
    const parser = new ReplyParser({
      onLine: line => lines.push(Buffer.from(line).toString('latin1')),
      onReply: () => {
        settle()
        resolve(lines)
      },
    })
    socket.on('data', (chunk: Buffer) => parser.push(chunk))
    socket.on('error', error => fail(error.message, error))
    socket.on('close', () => fail('a closed connection'))
    socket.write(`${command}\r\n`)
    if (signal?.aborted) onAbort()
  })
}
