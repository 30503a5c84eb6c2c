import {AskConnection} from '../../ask/ask-connection.js'
import {statsIn} from '../../ask/ask-stats.js'
import {differenceOfCounts, noTraffic, type OwnCounts} from '../../ask/own-traffic.js'
import {askText, type TextReply} from '../../ask/text-reply.js'
import {numberOf, parseStats, type StatsReply} from '../../protocol/text/stats-reply.js'
import type {ProbedNode} from '../node-api/pair-probe.js'
import {figuresOf, type NodeFigures} from '../stats/node-figures.js'
import {isRestart, RateWindow} from '../stats/node-rates.js'
import type {AnsweredSample} from '../stats/node-sample.js'
import {innerConnectionsOf, type ReplicationFigures, replicationOf} from '../stats/replication-stats.js'
import {type SlabClass, slabClassesOf} from '../stats/slab-classes.js'
import {countClients} from '../system/count-clients.js'

/** Connections are counted anew after so long, even when their number is the same. */
const COUNT_AGE_MAX_MS = 10_000
/** So long a question is held back, at most, while something else of ours is under way. */
const QUIET_WAIT_MS = 50
const QUIET_POLL_MS = 1
const STATS = 'stats'
const STATS_BYTES = `${STATS}\r\n`.length

export interface NodeSamplerOptions {
  /** Whatever repbench asks of the node is counted in its traffic, and taken out of its figures here. */
  readonly node: ProbedNode
  /** Also ask for the slab classes. */
  readonly slabs: boolean
  /** Window of the rates, as nearly as the samples allow; 0 for the time since the sample before. */
  readonly windowMs: number
  /** Time limit of one reply. */
  readonly patienceMs: number
}

/** Traits of a node that hold as long as one connection to it. */
interface NodeTraits {
  readonly embedded: boolean
  /** Whether repcached's inner connections can be told from `curr_connections`. */
  readonly countable: boolean
}

/** Figures of one reply to `stats`. */
interface FiguresReply {
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

/**
 * Samples one node over a connection that is kept: two questions a sample, more at the first one of each connection. The
 * one place that takes our own traffic out of a node's figures.
 */
export class NodeSampler {
  readonly #options: NodeSamplerOptions
  readonly #connection: AskConnection
  readonly #window: RateWindow
  #traits: NodeTraits | null = null
  #before: NodeFigures | null = null
  /** Our traffic up to the start of the node's process, and up to the start of this connection. */
  #ownBase: OwnCounts = noTraffic
  #ownAtDial: OwnCounts = noTraffic
  #ownAtSample: OwnCounts = noTraffic
  #bytesReadBefore = 0
  /** Connections that are no client's, as last known. */
  #inner = 0
  #counted: CountedConnections | null = null

  constructor(options: NodeSamplerOptions) {
    const {node, windowMs, patienceMs} = options
    this.#options = options
    this.#window = new RateWindow(windowMs)
    this.#connection = new AskConnection({
      address: node.address,
      redials: true,
      traffic: [node.traffic],
      limits: {timeoutMs: patienceMs},
    })
  }

  /** Monotonic ms since which the node owes an answer; null when it owes none. */
  get waitingSinceMs(): number | null {
    return this.#connection.waitingSinceMs
  }

  /** Drops the connection; the next sample is asked over a new one. */
  drop(reason?: string): void {
    this.#connection.close(reason)
  }

  /** @throws AskError when the node does not answer */
  async sample(): Promise<AnsweredSample> {
    const {node, slabs} = this.#options
    if (!this.#connection.connected) {
      this.#ownAtDial = node.traffic.counts()
      this.#traits = null
      this.#counted = null
      this.#inner = 0
    }
    this.#traits ??= await this.#readTraits()
    const replication = this.#traits.embedded ? await this.#replication() : null
    const reply = await this.#askFigures({tries: replication === null ? 2 : 1})
    // Reading the kernel's table of all sockets takes milliseconds of a core, which a load feels: only when it must be.
    const mustCount = replication === null && this.#traits.countable && !this.#isCounted(reply)
    const {sentAtMs, atMs, figures, restarted, anew} = mustCount ? await this.#count() : this.#told(reply)
    this.#before = figures
    const innerConnections = this.#counted?.inner ?? null
    this.#inner = innerConnectionsOf(replication) ?? innerConnections ?? this.#inner
    return {
      kind: 'answered',
      node: node.name,
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

  async #readTraits(): Promise<NodeTraits> {
    const own = parseStats((await this.#ask('stats repbench')).lines)
    const settings = parseStats((await this.#ask('stats settings')).lines)
    const interfaces = settings?.get('inter') ?? 'NULL'
    // Each further listening socket, and each of UDP, counts as a connection too.
    const countable = settings !== null && numberOf(settings, 'udpport') === 0 && /^[^,]+$/.test(interfaces)
    return {embedded: own !== null, countable: countable && interfaces !== 'NULL'}
  }

  /** What we do to the node while it answers may be in its figures or not: they are asked for again then. */
  async #askFigures({tries}: {tries: number}): Promise<TextReply> {
    const {traffic} = this.#options.node
    for (let left = tries; ; left--) {
      await this.#untilQuiet()
      const before = traffic.counts()
      const reply = await this.#ask(STATS)
      const after = traffic.counts()
      const wasQuiet =
        before.underWay === 0 && after.underWay === 0 && after.bytesRead === before.bytesRead + STATS_BYTES
      if (wasQuiet || left <= 1) return reply
    }
  }

  /** Until nothing of ours is under way to the node, or that takes too long. */
  async #untilQuiet(): Promise<void> {
    const untilMs = performance.now() + QUIET_WAIT_MS
    while (this.#options.node.traffic.counts().underWay > 0 && performance.now() < untilMs) {
      await new Promise(resolve => setTimeout(resolve, QUIET_POLL_MS))
    }
  }

  /** Asks again between two looks at the clients: only when these agree do they belong to the figures. */
  async #count(): Promise<FiguresReply> {
    const clientsBefore = await this.#clients()
    const told = this.#told(await this.#ask(STATS))
    const {currConnections} = told.figures
    const clients = await this.#clients()
    const inner = clients === clientsBefore ? difference(currConnections, clients) : null
    this.#counted = inner === null ? null : {inner, currConnections, atMs: told.atMs}
    return told
  }

  /** At once after the reply came: what we do from then on is not in it. */
  #told(reply: TextReply): FiguresReply {
    return {...this.#figures(reply), sentAtMs: reply.sentAtMs, atMs: reply.atMs}
  }

  /** What we did to the node counts since its process started or `stats reset` was last said. */
  #figures(reply: TextReply): Pick<FiguresReply, 'figures' | 'restarted' | 'anew'> {
    const {traffic} = this.#options.node
    const stats = this.#statsOf(reply)
    const counts = traffic.counts()
    // This reply is not in its own figures.
    const own = {...counts, bytesWritten: counts.bytesWritten - reply.bytes}
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
    return statsIn(lines, this.#options.node.address)
  }
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b
}
