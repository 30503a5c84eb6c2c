import {createServer, type Server, type Socket} from 'node:net'
import {networkInterfaces} from 'node:os'
import type {NodeContext} from './node-context.js'
import {descriptorOf} from './socket-adoption.js'

/** One peer is enough: whoever comes beside it is refused. */
const BACKLOG = 1

/** The port on which a node waits for its peer; bound while there is no link. */
export class ReplicationPort {
  readonly #context: NodeContext
  readonly #port: number
  readonly #onAccept: (socket: Socket) => void
  #server: Server | null = null

  constructor(options: {context: NodeContext; port: number; onAccept: (socket: Socket) => void}) {
    this.#context = options.context
    this.#port = options.port
    this.#onAccept = options.onAccept
  }

  get bound(): boolean {
    return this.#server !== null
  }

  /** @throws the system's error when the port can't be bound */
  async bind(): Promise<void> {
    const server = createServer({pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true})
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, this.#context.settings.host ?? '0.0.0.0', BACKLOG, resolve)
    })
    server.on('connection', this.#onAccept)
    this.#server = server
    this.#context.log.line(2, `<${descriptorOf(server) ?? 0} server listening (replication)`)
  }

  close(): void {
    this.#server?.close()
    this.#server = null
  }

  /** Whether a dial to that place would come back to this very port. */
  isAt(host: string | null, port: number): boolean {
    if (this.#server === null || port !== this.#port) return false
    const own = this.#context.settings.host
    if (own !== null) return own === host
    return Object.values(networkInterfaces()).some(list => list?.some(({address}) => address === host))
  }
}
