import type {Address} from '../protocol/address.js'
import {AskConnection} from './ask-connection.js'
import {VALUE_MAX_BYTES} from './ask-limits.js'
import type {OwnTraffic} from './own-traffic.js'

/** A connection on which commands are asked one after the other. Text is latin1, so that it can hold any bytes. */
export class Exchange {
  readonly #connection: AskConnection

  /** @throws AskError when there is no connection in time */
  static async connect(
    address: Address,
    {
      signal,
      timeoutMs,
      traffic,
    }: {signal?: AbortSignal | undefined; timeoutMs: number; traffic?: readonly OwnTraffic[] | undefined},
  ): Promise<Exchange> {
    const limits = {timeoutMs, maxBytes: VALUE_MAX_BYTES}
    const connection = new AskConnection({address, expected: 'a reply', signal, limits, traffic})
    await connection.open()
    return new Exchange(connection)
  }

  private constructor(connection: AskConnection) {
    this.#connection = connection
  }

  /**
   * Sends a command (with its line end) and resolves with the whole reply.
   * @throws AskError when the connection ends or no reply comes in time
   */
  async ask(command: string, {timeoutMs}: {timeoutMs: number}): Promise<string> {
    const parts: string[] = []
    await this.#connection.ask(command, {
      limits: {timeoutMs},
      reader: {
        onLine: line => parts.push(Buffer.from(line).toString('latin1'), '\r\n'),
        onData: (bytes, start, end, last) => {
          parts.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'), last ? '\r\n' : '')
        },
      },
    })
    return parts.join('')
  }

  close(): void {
    this.#connection.close()
  }
}
