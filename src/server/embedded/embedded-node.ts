import type {Socket} from 'node:net'
import type {Address} from '../../protocol/address.js'
import {ClientAdmission} from './clients/client-admission.js'
import {ClientConnection} from './clients/client-connection.js'
import {ClientListeners} from './clients/client-listeners.js'
import {watchEviction} from './items/watch-hooks.js'
import {ConnectionTable} from './node/connection-table.js'
import type {Hold} from './node/hold.js'
import type {NodeContext, ShutdownMode} from './node/node-context.js'
import {NodeCounters} from './node/node-counters.js'
import {NodeLog} from './node/node-log-writer.js'
import type {NodeSettings} from './node/node-settings.js'
import {personalities} from './node/personality.js'
import {PrefixStats} from './node/prefix-stats.js'
import {noPeer, noReplicationStats} from './node/replication.js'
import {descriptorOf} from './node/socket-adoption.js'
import {Watchers} from './node/watchers.js'
import {ReplicationLink} from './replication/replication-link.js'
import {ReplyTurn} from './replies/reply-turn.js'
import {Clock} from './store/clock.js'
import {type KeptItems, keepItems, restoreItems} from './store/kept-items.js'
import {LruCrawler} from './store/lru-crawler.js'
import {PageMover} from './store/page-mover.js'
import {Store, type StoreOptions} from './store/store.js'

const READ_BUFFER_BYTES = 64 * 1024
/** Items checked for expiry in each second. */
const SWEEP_BUDGET = 20_000

/** memcached's log words for `-B`; the full stops are its own. */
const protocolTexts = {
  auto: {listening: 'auto-negotiate', connection: 'auto-negotiating client connection'},
  ascii: {listening: 'ascii', connection: 'ascii client connection.'},
  binary: {listening: 'binary', connection: 'binary client connection.'},
}

/** A memcached-compatible server with repcached's replication, in this process. */
export class EmbeddedNode {
  readonly #context: NodeContext
  readonly #link: ReplicationLink | null
  readonly #turn: ReplyTurn
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  readonly #connections = new Set<ClientConnection>()
  readonly #listeners: ClientListeners
  readonly #admission: ClientAdmission
  #ticker: NodeJS.Timeout | undefined
  #lastId = 0

  constructor(options: {
    settings: NodeSettings
    version: string
    writeLog: (line: string) => void
    /** Holds clients while the reader of the log does not keep up. */
    logHold?: Hold
    /** Called when a client sends `shutdown` (`-A`); the owner must stop the node. */
    onShutdown?: (mode: ShutdownMode) => void
  }) {
    const {settings} = options
    const clock = new Clock()
    const store: Store = new Store({
      ...storeOptions(settings),
      clock,
      onEvict: item => {
        if (this.#context.watchers.active) watchEviction(this.#context, item)
        const start = store.offsetOf(item)
        this.#context.toPeer.evicted(store.bytesOf(item), start, start + store.columns.keyBytesOf(item))
      },
    })
    const withoutPeer = {
      version: options.version,
      settings,
      personality: personalities[settings.like],
      clock,
      store,
      counters: new NodeCounters(),
      prefixes: new PrefixStats({delimiter: settings.prefixDelimiter, enabled: settings.countsPrefixes}),
      log: new NodeLog(settings, options.writeLog, options.logHold),
      replicationStats: () => this.#link?.stats() ?? noReplicationStats,
      watchers: new Watchers(settings.watcherBufferBytes),
      connections: new ConnectionTable(),
      crawler: new LruCrawler(store),
      pageMover: new PageMover({store, mayMove: () => !this.#context.toPeer.copying && !this.#context.toPeer.holding}),
      shutDown: options.onShutdown ?? (() => {}),
    }
    this.#admission = new ClientAdmission({
      limit: settings.maxConnections,
      waitingLimit: settings.backlog,
      rejects: settings.rejectsAtLimit,
      counters: withoutPeer.counters,
      admit: socket => this.#accept(socket),
    })
    this.#listeners = new ClientListeners({
      settings,
      onClient: socket => this.#admission.arrived(socket),
      onListening: descriptor =>
        withoutPeer.log.line(
          2,
          `<${descriptor} server listening (${protocolTexts[settings.bindingProtocol].listening})`,
        ),
    })
    this.#link = settings.replication === null ? null : new ReplicationLink(withoutPeer, settings.replication)
    const toPeer = this.#link?.changes ?? noPeer
    this.#context = {...withoutPeer, toPeer}
    this.#turn = new ReplyTurn({beforeSending: () => toPeer.sendBeforeReplies()})
    withoutPeer.connections.add(() => this.#listeners.entries(clock.startedAtSeconds))
    withoutPeer.connections.add(() => [...this.#connections].map(({entry}) => entry))
  }

  /**
   * Starts replication, then opens the client port. Resolves with the address for
   * clients; rejects when a port cannot be bound.
   */
  async start(): Promise<Address> {
    this.#context.log.slabClasses(this.#context.store.classes)
    this.#ticker = setInterval(() => this.#tick(), 1000)
    await this.#link?.start()
    return await this.#listeners.open()
  }

  /** Restores the items that another node has kept. Call before start(). */
  restore(kept: KeptItems): void {
    const {store, log} = this.#context
    const restored = restoreItems(store, kept)
    log.line(1, `restored ${restored} of ${kept.items} items from ${kept.file}`)
  }

  /** Writes all items to a file for another node. Call after stop(). */
  keep(file: string): void {
    const {store, log} = this.#context
    log.line(1, `kept ${keepItems(store, file)} items in ${file}`)
  }

  /** TCP addresses for clients. */
  get addresses(): readonly Address[] {
    return this.#listeners.addresses
  }

  /** Stops serving, sends the peer all queued changes, and closes everything. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker)
    this.#listeners.close()
    this.#admission.close()
    this.#turn.flush()
    for (const connection of this.#connections) connection.destroy()
    await this.#link?.drain()
  }

  #accept(accepted: Socket): void {
    const {counters, settings, log} = this.#context
    const id = descriptorOf(accepted) ?? ++this.#lastId
    const connection = new ClientConnection({
      context: this.#context,
      turn: this.#turn,
      accepted,
      readBuffer: this.#readBuffer,
      id,
      onClose: closed => {
        this.#connections.delete(closed)
        counters.currConnections--
        this.#admission.left()
      },
    })
    this.#connections.add(connection)
    counters.totalConnections++
    counters.currConnections++
    counters.peakConnections = Math.max(counters.peakConnections, counters.currConnections)
    log.line(2, `<${id} new ${protocolTexts[settings.bindingProtocol].connection}`)
  }

  #tick(): void {
    const {clock, store, settings, crawler, pageMover} = this.#context
    clock.tick()
    store.runDueFlush()
    if (settings.lruCrawler && settings.sweepsExpired) crawler.sweep(SWEEP_BUDGET)
    if (settings.slabReassign && settings.slabAutomove > 0) pageMover.tick()
    // As in memcached, clients of a UNIX socket may stay idle.
    if (settings.idleTimeoutSeconds > 0 && settings.unixSocket === null) this.#closeIdle(settings.idleTimeoutSeconds)
  }

  #closeIdle(seconds: number): void {
    for (const connection of this.#connections) {
      if (connection.closeIfIdle(seconds)) this.#context.counters.idleKicks++
    }
  }
}

function storeOptions(settings: NodeSettings): Omit<StoreOptions, 'clock'> {
  return {
    memoryLimitBytes: settings.memoryLimitBytes,
    itemMaxBytes: settings.itemMaxBytes,
    evictions: settings.evictions,
    growthFactor: settings.growthFactor,
    smallestItemBytes: settings.smallestItemBytes,
    useCas: settings.useCas,
    hashPower: settings.hashPower,
    hashGrowth: settings.like === '1.6' ? 2 : 0,
  }
}
