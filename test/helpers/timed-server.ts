import type {Socket} from 'node:net'
import {type FakeMemcached, startFakeMemcached} from './fake-memcached.js'

export interface TimedRequest {
  readonly key: string
  readonly arrivedMs: number
  readonly repliedMs: number
  readonly socket: Socket
}

interface WaitingRequest extends Omit<TimedRequest, 'repliedMs'> {
  readonly dueMs: number
  readonly reply: string
}

/** Answers when a script says, in order on each connection, and remembers when it did. */
export class TimedServer {
  readonly served: TimedRequest[] = []
  readonly #clock: () => number
  readonly #sockets: Socket[] = []
  #waiting: WaitingRequest[] = []
  #server: FakeMemcached | undefined

  /** @param delayMs by the number of the request, from 0, its line, and when it came */
  static async start(parts: {
    clock: () => number
    delayMs: (request: {index: number; arrivedMs: number; line: string}) => number
    answer?: (request: {key: string; line: string}) => string
  }): Promise<TimedServer> {
    const timed = new TimedServer(parts.clock)
    timed.#server = await startFakeMemcached(
      ({key, line, socket, index}) => {
        const arrivedMs = parts.clock()
        const dueMs = arrivedMs + parts.delayMs({index, arrivedMs, line})
        timed.#waiting.push({key, arrivedMs, socket, dueMs, reply: parts.answer?.({key, line}) ?? 'STORED\r\n'})
        timed.replyToDue()
        return undefined
      },
      socket => timed.#sockets.push(socket),
    )
    return timed
  }

  private constructor(clock: () => number) {
    this.#clock = clock
  }

  get address(): FakeMemcached['address'] {
    return this.#server!.address
  }

  get bytesIn(): number {
    return this.#sockets.reduce((sum, {bytesRead}) => sum + bytesRead, 0)
  }

  get bytesOut(): number {
    return this.#sockets.reduce((sum, {bytesWritten}) => sum + bytesWritten, 0)
  }

  /** Cuts all connections. */
  die(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  replyToDue(): void {
    const nowMs = this.#clock()
    const held = new Set<Socket>()
    const waiting: WaitingRequest[] = []
    for (const request of this.#waiting) {
      if (request.dueMs > nowMs || held.has(request.socket)) {
        held.add(request.socket)
        waiting.push(request)
        continue
      }
      request.socket.write(request.reply)
      this.served.push({...request, repliedMs: nowMs})
    }
    this.#waiting = waiting
  }
}
