import {createServer, type Server} from 'node:net'
import {networkInterfaces} from 'node:os'
import type {NodeContext} from './node-context.js'
import type {ReplicationSettings} from './node-settings.js'
import {PeerAddresses} from './peer-addresses.js'
import {type Admitted, PeerAdmission} from './peer-admission.js'
import {descriptorOf} from './socket-adoption.js'

/** So many may knock at once; who of them is the peer is found out when they are let in. */
const BACKLOG = 511
/** repcached's, which takes the first: whoever comes beside it is refused. */
const REPCACHED_BACKLOG = 1

/** The port on which a node waits for its peer; bound while there is no link. */
export class ReplicationPort {
  readonly #context: NodeContext
  readonly #port: number
  readonly #backlog: number
  readonly #peers: PeerAddresses
  readonly #admission: PeerAdmission
  #server: Server | null = null

  constructor(options: {
    context: NodeContext
    settings: Pick<ReplicationSettings, 'listenPort' | 'peers' | 'likeRepcached'>
    onAccept: (admitted: Admitted) => void
  }) {
    const {context, settings, onAccept} = options
    this.#context = context
    this.#port = settings.listenPort
    this.#backlog = settings.likeRepcached ? REPCACHED_BACKLOG : BACKLOG
    this.#peers = new PeerAddresses(settings.peers)
    this.#admission = new PeerAdmission({
      log: context.log,
      addresses: this.#peers,
      takesSilent: settings.likeRepcached,
      onAdmitted: onAccept,
    })
  }

  /** How many connections were no peer, since the start. */
  get turnedAway(): number {
    return this.#admission.turnedAway
  }

  /**
   * To be called once, before bind().
   * @throws the system's error for one of `--peers` that has no address
   */
  async prepare(): Promise<void> {
    await this.#peers.resolve()
  }

  get bound(): boolean {
    return this.#server !== null
  }

  /** @throws the system's error when the port can't be bound */
  async bind(): Promise<void> {
    const server = createServer({pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true})
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, this.#context.settings.host ?? '0.0.0.0', this.#backlog, resolve)
    })
    server.on('connection', socket => this.#admission.arrived(socket))
    this.#server = server
    this.#context.log.line(2, `<${descriptorOf(server) ?? 0} server listening (replication)`)
  }

  close(): void {
    this.#server?.close()
    this.#server = null
    this.#admission.close()
  }

  /** Whether a dial to that place would come back to this very port. */
  isAt(host: string | null, port: number): boolean {
    if (this.#server === null || port !== this.#port) return false
    const own = this.#context.settings.host
    if (own !== null) return own === host
    return Object.values(networkInterfaces()).some(list => list?.some(({address}) => address === host))
  }
}
