import {onTestFinished, vi} from 'vitest'
import type {NodeContext} from '../../src/server/embedded/node/node-context.js'
import {NodeLog} from '../../src/server/embedded/node/node-log-writer.js'
import {defaultSettings, type ReplicationSettings} from '../../src/server/embedded/node/node-settings.js'
import {ReplicationLink} from '../../src/server/embedded/replication/replication-link.js'
import {FakeNetwork, turns} from './fake-network.js'
import {FakeSocket} from './fake-socket.js'
import {offlineContext} from './offline.js'

export const PEER = '10.0.0.2'
export const HELLO = 'delete repbench:peer:1\r\n'
export const RESILIENT_HELLO = 'delete repbench:resilient:1\r\n'
/** The back-off before a node's next attempt to connect. */
export const REDIAL_MS = 100

/** A node's end of a link, without a network and at a time that a test moves. */
export class OfflineLink {
  readonly network: FakeNetwork
  readonly context: NodeContext
  readonly link: ReplicationLink
  readonly #log: string[] = []
  /** Whether the client port may be opened; what start() threw. */
  opened: boolean | string = false

  constructor(settings: Partial<ReplicationSettings> = {}, {verbosity = 1} = {}) {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance']})
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
    onTestFinished(() => {
      random.mockRestore()
      vi.useRealTimers()
    })
    this.network = new FakeNetwork()
    this.context = {
      ...offlineContext({host: '10.0.0.1'}),
      log: new NodeLog({verbosity}, line => this.#log.push(line.trimEnd().replace(/^replication: /, ''))),
    }
    this.link = new ReplicationLink(this.context, {
      ...defaultSettings.replication!,
      connectPort: 4000,
      listenPort: 5000,
      ...settings,
    })
  }

  async start(): Promise<void> {
    void this.link.start().then(
      () => {
        this.opened = true
      },
      (error: NodeJS.ErrnoException) => {
        this.opened = `${error.code}`
      },
    )
    await turns()
  }

  /** The log since this was last asked, without `replication:`. */
  log(): string[] {
    return this.#log.splice(0)
  }

  get state(): string {
    const {link, role} = this.link.stats()
    return `${link} ${role}`
  }

  /** The connection attempt under way is accepted. */
  async connected(): Promise<FakeSocket> {
    const {latest} = this.network
    latest.emit('connect')
    await turns()
    return latest
  }

  /** The connection attempt under way fails. */
  async refused(): Promise<void> {
    this.network.latest.emit('close')
    await turns()
  }

  /** A peer connects, and sends this. */
  async accept(frames = HELLO, remoteAddress = PEER): Promise<FakeSocket> {
    const socket = new FakeSocket({remoteAddress, fd: 7})
    this.network.listening!.accept(socket)
    if (frames !== '') socket.receive(frames)
    await turns()
    return socket
  }

  async receive(socket: FakeSocket, frames: string): Promise<void> {
    socket.receive(frames)
    await turns()
  }

  async lose(socket: FakeSocket): Promise<void> {
    socket.emit('end')
    await turns()
  }

  async pass(ms: number): Promise<void> {
    vi.advanceTimersByTime(ms)
    await turns()
  }

  /** A client's change. */
  async change(key: string, kind: 'stored' | 'deleted' = 'stored'): Promise<void> {
    const bytes = Buffer.from(key)
    this.link.changes[kind](bytes, 0, bytes.length)
    await turns()
  }
}
