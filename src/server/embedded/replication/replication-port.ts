import {createServer, type Server} from 'node:net'
import {networkInterfaces} from 'node:os'
import type {ContextWithoutPeer} from '../node/node-context.js'
import type {ReplicationSettings} from '../node/node-settings.js'
import {descriptorOf} from '../node/socket-adoption.js'
import {type Admitted, isSameHost, PeerAdmission} from './peer-admission.js'

/** So many may knock at once; who of them is the peer is found out when they are let in. */
const BACKLOG = 511
/** repcached's, which takes the first: whoever comes beside it is refused. */
const REPCACHED_BACKLOG = 1

/** The port on which a node waits for its peer; bound while there is no link. */
export class ReplicationPort {
  readonly #context: ContextWithoutPeer
  readonly #port: number
  readonly #likeRepcached: boolean
  readonly #admission: PeerAdmission
  /** The address of `-x`. */
  partner: string | null = null
  /** Where the peer comes from, if it was let in without a word and has said none since. */
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

  /** How many connections were no peer, since the start. */
  get turnedAway(): number {
    return this.#admission.turnedAway
  }

  /**
   * To be called once, before bind().
   * @throws the system's error for one of `--peers` that has no address
   */
  async prepare(): Promise<void> {
    await this.#admission.resolvePeers()
  }

  get bound(): boolean {
    return this.#server !== null
  }

  /**
   * Does nothing while it is bound.
   * @throws the system's error when the port can't be bound
   */
  async bind(): Promise<void> {
    this.#silentPeer = null
    this.#admission.mayBeSilent = this.#silentOnes()
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

  /** Who was let in is the peer: while paired nobody listens, and a third node is refused, as with the real one. */
  closeBehind({address, received}: Admitted): void {
    if (received.length > 0 || this.#likeRepcached) {
      this.close()
      return
    }
    // Whether this is a peer only its first word will tell.
    this.#silentPeer = address
    this.#admission.mayBeSilent = 'nobody'
  }

  /** The peer has said something. */
  heardPeer(): void {
    if (this.#silentPeer !== null) this.close()
  }

  /** Whether one has spoken at the host of a peer that never did: that is none then, or has been started again. */
  replacesSilentPeer({address}: Admitted): boolean {
    return this.#silentPeer !== null && isSameHost(address, this.#silentPeer)
  }

  close(): void {
    this.#silentPeer = null
    this.#server?.close()
    this.#server = null
    this.#admission.close()
  }

  /** repcached says nothing when it joins, and comes from where `-x` says. */
  #silentOnes(): PeerAdmission['mayBeSilent'] {
    if (this.#likeRepcached) return 'anybody'
    return this.partner === null ? 'nobody' : {address: this.partner}
  }

  /** Whether a dial to that place would come back to this very port. */
  isAt(host: string | null, port: number): boolean {
    if (this.#server === null || port !== this.#port) return false
    const own = this.#context.settings.host
    if (own !== null) return own === host
    return Object.values(networkInterfaces()).some(list => list?.some(({address}) => address === host))
  }
}
