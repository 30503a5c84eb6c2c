import {EventEmitter} from 'node:events'
import {syncBuiltinESMExports} from 'node:module'
import net, {type NetConnectOpts, type ServerOpts} from 'node:net'
import {onTestFinished} from 'vitest'
import {FakeSocket} from './fake-socket.js'

/** A server that a test connects to by {@link FakeServer.accept}. */
export class FakeServer extends EventEmitter {
  readonly options: ServerOpts
  readonly _handle = {fd: 3}
  listensAt: {readonly port: number; readonly host: string; readonly backlog: number} | null = null
  isOpen = false
  readonly #network: FakeNetwork

  constructor(network: FakeNetwork, options: ServerOpts) {
    super()
    this.#network = network
    this.options = options
  }

  listen(port: number, host: string, backlog: number, onListening: () => void): void {
    this.listensAt = {port, host, backlog}
    void this.#network.untilListening.then(() => {
      if (this.#network.portIsTaken) {
        this.emit('error', Object.assign(new Error('listen EADDRINUSE'), {code: 'EADDRINUSE'}))
        return
      }
      this.isOpen = true
      onListening()
    })
  }

  accept(socket = new FakeSocket({remoteAddress: '127.0.0.1'})): FakeSocket {
    if (!this.isOpen) throw new Error('Expected an open port')
    this.emit('connection', socket)
    return socket
  }

  close(): void {
    this.isOpen = false
  }
}

/** Stands in for the connections and servers of `node:net` until the test is over. */
export class FakeNetwork {
  readonly servers: FakeServer[] = []
  readonly dialled: {readonly options: NetConnectOpts; readonly socket: FakeSocket}[] = []
  /** Whether no server can listen. */
  portIsTaken = false
  /** When a server listens, or fails to. */
  untilListening = Promise.resolve()
  /** File descriptor of the next connection; -1 where it has none. */
  nextFd = 9

  constructor() {
    const {connect, createServer} = net
    Object.assign(net, {
      connect: (options: NetConnectOpts) => this.#connect(options),
      createServer: (options: ServerOpts) => {
        const server = new FakeServer(this, options)
        this.servers.push(server)
        return server
      },
    })
    syncBuiltinESMExports()
    onTestFinished(() => {
      Object.assign(net, {connect, createServer})
      syncBuiltinESMExports()
    })
  }

  /** The server that listens now, null where none does. */
  get listening(): FakeServer | null {
    return this.servers.find(({isOpen}) => isOpen) ?? null
  }

  /** The latest connection attempt. */
  get latest(): FakeSocket {
    return this.dialled.at(-1)!.socket
  }

  #connect(options: NetConnectOpts): FakeSocket {
    const socket = new FakeSocket({fd: this.nextFd})
    const {onread} = options
    if (onread !== undefined) {
      socket.on('data', (bytes: Buffer) => {
        if (!onread.callback(bytes.length, bytes)) socket.pause()
      })
    }
    this.dialled.push({options, socket})
    return socket
  }
}

/** Lets everything happen that needs no time. */
export async function turns(): Promise<void> {
  for (let count = 0; count < 4; count++) await new Promise<void>(resolve => setImmediate(() => resolve()))
}
