import {AskConnection} from '../../ask/ask-connection.js'
import {AskError} from '../../ask/ask-error.js'
import {LookOnce} from '../../ask/look/look-once.js'
import {differenceOfCounts, noTraffic, type OwnCounts, OwnTraffic} from '../../ask/own-traffic.js'
import {statsIn} from '../../ask/stats-answer.js'
import {askText, type TextReply} from '../../ask/text-reply.js'
import type {Address} from '../../protocol/address.js'
import {messageOf} from '../../protocol/errors.js'
import {numberOf, parseStats, type StatsReply} from '../../protocol/text/stats-reply.js'
import {figuresOf, type NodeFigures} from '../stats/node-figures.js'
import {isRestart, RateWindow} from '../stats/node-rates.js'
import type {NodeSample} from '../stats/node-sample.js'
import {innerConnectionsOf, type ReplicationFigures, replicationOf} from '../stats/replication-stats.js'
import {type SlabClass, slabClassesOf} from '../stats/slab-classes.js'
import {countClients} from '../system/count-clients.js'

/** A silent connection is dialled anew after so long, and then ever more patiently. */
const FIRST_PATIENCE_MS = 5000
const LAST_PATIENCE_MS = 60_000
/** Connections are counted anew after so long, even when their number is the same. */
const COUNT_AGE_MAX_MS = 10_000

export interface StatsPollerOptions {
  readonly name: string
  readonly address: Address
  /** What else we do to this node, to be taken out of its figures. */
  readonly traffic?: OwnTraffic
  /** Also ask for the slab classes. @default false */
  readonly slabs?: boolean
  /** @default 900 */
  readonly timeoutMs?: number
  /** What rates are of, as nearly as the polls allow; 0: of the time since the poll before. @default 1000 */
  readonly windowMs?: number
}

/** What is known of a node for as long as one connection to it lasts. */
interface Acquaintance {
  readonly embedded: boolean
  /** Whether repcached's inner connections can be told from `curr_connections`. */
  readonly countable: boolean
}

/** What one reply to `stats` says. */
interface Told {
  readonly sentAtMs: number
  readonly atMs: number
  readonly figures: NodeFigures
  readonly restarted: boolean
  /** Counters began again from 0. */
  readonly anew: boolean
}

/** Connections that are no client's, as counted when the node told so many in all. */
interface CountedConnections {
  readonly inner: number
  readonly currConnections: number | null
  readonly atMs: number
}

/** Asks one node for its figures over a connection of its own that is kept. */
export class StatsPoller {
  readonly name: string
  readonly #options: Required<StatsPollerOptions>
  readonly #connection: AskConnection
  #acquaintance: Acquaintance | null = null
  #patienceMs = FIRST_PATIENCE_MS
  readonly #window: RateWindow
  #before: NodeFigures | null = null
  #silentSinceMs: number | null = null
  /** Our traffic up to the start of the node's process, and up to the start of this connection. */
  #ownBase: OwnCounts = noTraffic
  #ownAtDial: OwnCounts = noTraffic
  #ownAtSample: OwnCounts = noTraffic
  #bytesReadBefore = 0
  /** Connections that are no client's, as last known. */
  #inner = 0
  #counted: CountedConnections | null = null
  #polling: Promise<NodeSample> | null = null
  readonly #look: LookOnce

  constructor(options: StatsPollerOptions) {
    this.#options = {traffic: new OwnTraffic(), slabs: false, timeoutMs: 900, windowMs: 1000, ...options}
    this.name = options.name
    this.#window = new RateWindow(this.#options.windowMs)
    const {address, traffic} = this.#options
    this.#look = new LookOnce(address)
    this.#connection = new AskConnection({
      address,
      redials: true,
      traffic: [traffic],
      // A late answer is the next poll's affair.
      limits: {timeoutMs: LAST_PATIENCE_MS},
    })
  }

  /** One sample; never rejects, and takes no longer than the timeout. A poll under way is not doubled. */
  poll(): Promise<NodeSample> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = null
    })
    return this.#polling
  }

  close(): void {
    this.#connection.close('the end of the watch')
  }

  async #poll(): Promise<NodeSample> {
    const endMs = performance.now() + this.#options.timeoutMs
    const {promise: late, reject} = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${this.#options.timeoutMs} ms`)),
      this.#options.timeoutMs,
    )
    try {
      this.#assertPatience()
      const sample = await Promise.race([this.#sample(), late])
      this.#silentSinceMs = null
      this.#look.forget()
      this.#patienceMs = FIRST_PATIENCE_MS
      return sample
    } catch (error) {
      const atMs = performance.now()
      this.#silentSinceMs ??= atMs
      const sinceMs = this.#silentSinceMs
      const there = await this.#look.explain(error, {timeoutMs: endMs - atMs})
      const problem = there === null ? problemOf(error) : `it ${there}`
      return {kind: 'silent', node: this.name, atMs, problem, sinceMs}
    } finally {
      clearTimeout(timer)
    }
  }

  /** A node that still owes an answer is not asked again: it would answer all at once when it wakes up. */
  #assertPatience(): void {
    const since = this.#connection.waitingSinceMs
    if (since === null) return
    const silentMs = performance.now() - since
    if (silentMs < this.#patienceMs) throw new Error(`no answer for ${(silentMs / 1000).toFixed(1)} s`)
    this.#connection.close()
    this.#patienceMs = Math.min(this.#patienceMs * 2, LAST_PATIENCE_MS)
  }

  async #sample(): Promise<NodeSample> {
    const {traffic, slabs} = this.#options
    if (!this.#connection.connected) {
      this.#ownAtDial = traffic.counts()
      this.#acquaintance = null
      this.#counted = null
      this.#inner = 0
    }
    this.#acquaintance ??= await this.#getAcquainted()
    const replication = this.#acquaintance.embedded ? await this.#replication() : null
    const reply = await this.#ask('stats')
    // Reading the kernel's table of all sockets takes milliseconds of a core, which a load feels: only when it must be.
    const mustCount = replication === null && this.#acquaintance.countable && !this.#isCounted(reply)
    const {sentAtMs, atMs, figures, restarted, anew} = mustCount ? await this.#count() : this.#told(reply)
    this.#before = figures
    const innerConnections = this.#counted?.inner ?? null
    this.#inner = innerConnectionsOf(replication) ?? innerConnections ?? this.#inner
    return {
      kind: 'answered',
      node: this.name,
      atMs,
      roundTripMs: atMs - sentAtMs,
      figures,
      clients: figures.connections === null ? null : Math.max(0, figures.connections - this.#inner),
      rates: this.#window.add({figures, atMs, anew}),
      restarted,
      replication,
      innerConnections,
      slabs: slabs ? await this.#slabs() : null,
    }
  }

  async #getAcquainted(): Promise<Acquaintance> {
    const own = parseStats((await this.#ask('stats repbench')).lines)
    const settings = parseStats((await this.#ask('stats settings')).lines)
    const interfaces = settings?.get('inter') ?? 'NULL'
    // Each further listening socket, and each of UDP, counts as a connection too.
    const countable = settings !== null && numberOf(settings, 'udpport') === 0 && /^[^,]+$/.test(interfaces)
    return {embedded: own !== null, countable: countable && interfaces !== 'NULL'}
  }

  /** Asks again between two looks at the clients: only when these agree do they belong to the figures. */
  async #count(): Promise<Told> {
    const clientsBefore = await this.#clients()
    const told = this.#told(await this.#ask('stats'))
    const {currConnections} = told.figures
    const clients = await this.#clients()
    const inner = clients === clientsBefore ? difference(currConnections, clients) : null
    this.#counted = inner === null ? null : {inner, currConnections, atMs: told.atMs}
    return told
  }

  /** At once after the reply came: what we do from then on is not in it. */
  #told(reply: TextReply): Told {
    return {...this.#figures(this.#statsOf(reply)), sentAtMs: reply.sentAtMs, atMs: reply.atMs}
  }

  /** What we did to the node counts since its process started or `stats reset` was last said. */
  #figures(stats: StatsReply): Pick<Told, 'figures' | 'restarted' | 'anew'> {
    const {traffic} = this.#options
    const own = traffic.counts()
    const bytesRead = numberOf(stats, 'bytes_read') ?? 0
    const before = this.#before
    const restarted = before !== null && isRestart(before, figuresOf(stats, own, 0))
    const reset = !restarted && bytesRead < this.#bytesReadBefore
    if (restarted) this.#ownBase = this.#ownAtDial
    else if (reset) this.#ownBase = this.#ownAtSample
    this.#bytesReadBefore = bytesRead
    this.#ownAtSample = own
    const figures = figuresOf(stats, differenceOfCounts(own, this.#ownBase), traffic.connections)
    return {figures, restarted, anew: restarted || reset}
  }

  async #replication(): Promise<ReplicationFigures | null> {
    const stats = parseStats((await this.#ask('stats repbench')).lines)
    return stats === null ? null : replicationOf(stats)
  }

  async #slabs(): Promise<SlabClass[]> {
    const items = this.#statsOf(await this.#ask('stats items'))
    const slabs = this.#statsOf(await this.#ask('stats slabs'))
    return slabClassesOf({items, slabs})
  }

  /** As many connections as when they were counted: neither a client nor a link has come or gone, or both have by rare chance. */
  #isCounted({lines, atMs}: TextReply): boolean {
    if (this.#counted === null || atMs - this.#counted.atMs > COUNT_AGE_MAX_MS) return false
    const stats = parseStats(lines)
    return stats !== null && numberOf(stats, 'curr_connections') === this.#counted.currConnections
  }

  async #clients(): Promise<number | null> {
    const {ends} = this.#connection
    return ends === null ? null : await countClients(ends)
  }

  #ask(command: string): Promise<TextReply> {
    return askText(this.#connection, command)
  }

  #statsOf({lines}: TextReply): StatsReply {
    return statsIn(lines, this.#options.address)
  }
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b
}

/** Without the name of the node, which stands beside it. */
function problemOf(error: unknown): string {
  return error instanceof AskError ? error.got : messageOf(error)
}
