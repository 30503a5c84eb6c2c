import {createServer, type Server} from 'node:net'
import {networkInterfaces} from 'node:os'
import type {ContextWithoutPeer} from '../node/node-context.js'
import type {ReplicationSettings} from '../node/node-settings.js'
import {descriptorOf} from '../node/socket-adoption.js'
import {type Admitted, isSameHost, PeerAdmission} from './peer-admission.js'

/** Connections that the system may queue; admission tells the peer among them. */
const BACKLOG = 511
/** repcached's backlog: it accepts the first connection only. */
const REPCACHED_BACKLOG = 1

/** The port on which a node listens for its peer; bound while there is no link. */
export class ReplicationPort {
  readonly #context: ContextWithoutPeer
  readonly #port: number
  readonly #likeRepcached: boolean
  readonly #admission: PeerAdmission
  /** The address of `-x`. */
  partner: string | null = null
  /** Address of a peer that was admitted without a frame and has sent none since. */
  #silentPeer: string | null = null
  #server: Server | null = null

  constructor(options: {
    context: ContextWithoutPeer
    settings: Pick<ReplicationSettings, 'listenPort' | 'peers' | 'likeRepcached'>
    onAccept: (admitted: Admitted) => void
  }) {
    const {context, settings, onAccept} = options
    this.#context = context
    this.#port = settings.listenPort
    this.#likeRepcached = settings.likeRepcached
    this.#admission = new PeerAdmission({
      log: context.log,
      peers: settings.peers,
      onAdmitted: onAccept,
    })
  }

  /** Connections turned away since the start. */
  get turnedAway(): number {
    return this.#admission.turnedAway
  }

  /**
   * Call once, before bind().
   * @throws the system's error when a name in `--peers` has no address
   */
  async prepare(): Promise<void> {
    await this.#admission.resolvePeers()
  }

  get bound(): boolean {
    return this.#server !== null
  }

  /**
   * Does nothing when it is bound already.
   * @throws the system's error when the port cannot be bound
   */
  async bind(): Promise<void> {
    this.#silentPeer = null
    this.#admission.admitsSilent = this.#silentPeers()
    if (this.#server !== null) return
    const server = createServer({pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true})
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(
        this.#port,
        this.#context.settings.host ?? '0.0.0.0',
        this.#likeRepcached ? REPCACHED_BACKLOG : BACKLOG,
        resolve,
      )
    })
    server.on('connection', socket => this.#admission.arrived(socket))
    this.#server = server
    this.#context.log.line(2, `<${descriptorOf(server) ?? 0} server listening (replication)`)
  }

  /** The peer was admitted: closes the port, so that a third node is refused as by repcached. */
  closeBehind({address, received}: Admitted): void {
    if (received.length > 0 || this.#likeRepcached) {
      this.close()
      return
    }
    // Only its first frame will tell whether it is a peer.
    this.#silentPeer = address
    this.#admission.admitsSilent = 'none'
  }

  /** The peer has sent a frame. */
  heardPeer(): void {
    if (this.#silentPeer !== null) this.close()
  }

  /** Whether a connection with a frame comes from the host of a silent peer: that one is no peer, or was restarted. */
  replacesSilentPeer({address}: Admitted): boolean {
    return this.#silentPeer !== null && isSameHost(address, this.#silentPeer)
  }

  close(): void {
    this.#silentPeer = null
    this.#server?.close()
    this.#server = null
    this.#admission.close()
  }

  /** repcached sends nothing when it joins, and comes from the address of `-x`. */
  #silentPeers(): PeerAdmission['admitsSilent'] {
    if (this.#likeRepcached) return 'all'
    return this.partner === null ? 'none' : {address: this.partner}
  }

  /** Whether a connection to that address would reach this very port. */
  isAt(host: string | null, port: number): boolean {
    if (this.#server === null || port !== this.#port) return false
    const own = this.#context.settings.host
    if (own !== null) return own === host
    return Object.values(networkInterfaces()).some(list => list?.some(({address}) => address === host))
  }
}
