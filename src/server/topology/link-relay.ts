import {once} from 'node:events'
import {connect, createServer, type Server, type Socket} from 'node:net'
import type {Address} from '../../protocol/address.js'
import {type RelayFilter, RelayPipe} from './relay-pipe.js'

/** Where a relay listens and where it forwards to. */
export interface RelayRoute {
  readonly listen: Address
  readonly to: Address
}

export interface LinkRelayOptions {
  readonly routes: readonly RelayRoute[]
  /** Filters the bytes from the connecting side (`out`) and to it (`back`). */
  readonly filter?: (direction: 'out' | 'back') => RelayFilter
}

/**
 * Carries the replication link of a pair whose nodes know only the relay's
 * addresses, so that the link can fail while both nodes live.
 */
export class LinkRelay {
  readonly #options: LinkRelayOptions
  readonly #servers: Server[] = []
  readonly #pipes = new Set<RelayPipe>()
  readonly #sockets = new Set<Socket>()
  #isCut = false
  #pace = {delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY}

  /** @throws the system's error when an address can't be listened on */
  static async open(options: LinkRelayOptions): Promise<LinkRelay> {
    const relay = new LinkRelay(options)
    try {
      for (const route of options.routes) await relay.#listen(route)
    } catch (error) {
      await relay.close()
      throw error
    }
    return relay
  }

  private constructor(options: LinkRelayOptions) {
    this.#options = options
  }

  /** Closes every connection, and each new one, until restore(). */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Holds bytes back by a delay, and lets through no more than so many a second in each direction. */
  slow(pace: {delayMs: number; bytesPerSecond: number}): void {
    this.#setPace(pace)
  }

  restore(): void {
    this.#isCut = false
    this.#setPace({delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY})
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(
      this.#servers.map(async server => {
        server.close()
        await once(server, 'close')
      }),
    )
  }

  #setPace(pace: {delayMs: number; bytesPerSecond: number}): void {
    this.#pace = pace
    for (const pipe of this.#pipes) pipe.pace = pace
  }

  async #listen({listen, to}: RelayRoute): Promise<void> {
    const server = createServer({allowHalfOpen: true}, accepted => this.#carry(accepted, to))
    server.listen({host: listen.host, port: listen.port})
    await once(server, 'listening')
    this.#servers.push(server)
  }

  #carry(accepted: Socket, to: Address): void {
    if (this.#isCut) {
      accepted.on('error', () => {})
      accepted.destroy()
      return
    }
    const onward = connect({host: to.host, port: to.port, allowHalfOpen: true, noDelay: true})
    accepted.setNoDelay(true)
    const filter = this.#options.filter
    this.#join({from: accepted, to: onward, filter: filter?.('out')})
    this.#join({from: onward, to: accepted, filter: filter?.('back')})
  }

  #join({from, to, filter}: {from: Socket; to: Socket; filter: RelayFilter | undefined}): void {
    const pipe = new RelayPipe({from, to, pace: this.#pace, filter})
    this.#pipes.add(pipe)
    this.#sockets.add(from)
    // The close that follows says the same.
    from.on('error', () => {})
    from.on('close', () => {
      this.#sockets.delete(from)
      this.#pipes.delete(pipe)
      if (!pipe.ended || this.#isCut) to.destroy()
    })
  }
}
