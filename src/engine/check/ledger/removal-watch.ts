import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../../protocol/address.js'
import type {RequestCount} from '../../measure/request-counts.js'
import {ItemConnection} from '../items/item-connection.js'
import {type NodeRemovals, type RemovalFigures, RemovalSum} from './node-removals.js'

const INTERVAL_MS = 500
/** Limit of one reply; a frozen node is asked again later. */
const PATIENCE_MS = 1000

const nothing: RemovalFigures = {
  pid: null,
  evictions: 0,
  reclaimed: 0,
  expiredUnfetched: 0,
  bytes: 0,
  limitBytes: 0,
}

interface FinishOptions {
  readonly replyMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface WatchedNode {
  readonly name: string
  readonly address: Address
}

/**
 * Asks nodes twice a second how much they have evicted and expired, so that a
 * check can tell removed items from lost ones. Goes on while nodes are away,
 * and across their restarts.
 */
export class RemovalWatch {
  readonly #nodes: readonly WatchedNode[]
  readonly #requests: RequestCount | undefined
  readonly #sums: readonly RemovalSum[]
  /** Count what the nodes removed before the first sample too. */
  #fromTheirStart = false
  readonly #stop = new AbortController()
  #patienceMs = PATIENCE_MS
  #timer: NodeJS.Timeout | undefined
  #asking: Promise<void> = Promise.resolve()
  #isAsking = false

  /** @param requests counts what is asked of the nodes */
  constructor(nodes: readonly WatchedNode[], requests?: RequestCount) {
    this.#nodes = nodes
    this.#requests = requests
    this.#sums = nodes.map(() => new RemovalSum())
  }

  /** Starts to ask. Resolves when each node has answered or failed once. */
  start(): Promise<void> {
    this.#timer = setInterval(() => {
      if (!this.#isAsking) void this.#ask()
    }, INTERVAL_MS)
    return this.#ask()
  }

  /**
   * Asks a last time. @returns removals in the order of the nodes
   * @param options limit of the reply, and what ends the wait
   */
  async finish({replyMs = PATIENCE_MS, signal}: FinishOptions = {}): Promise<readonly NodeRemovals[]> {
    clearInterval(this.#timer)
    const giveUp = (): void => this.#stop.abort()
    signal?.addEventListener('abort', giveUp)
    try {
      // A request under way must end first, unless it takes too long.
      await Promise.race([this.#asking, delay(Math.min(replyMs, PATIENCE_MS), undefined, {ref: false})])
      this.#patienceMs = Math.min(replyMs, PATIENCE_MS)
      await this.#ask()
      return this.#results()
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  /** Without start(): all that the nodes have removed since their start. */
  async sinceStart(): Promise<readonly NodeRemovals[]> {
    this.#fromTheirStart = true
    await this.#ask()
    return this.#results()
  }

  /** Ends the watch at once; harmless after finish(). */
  close(): void {
    clearInterval(this.#timer)
    this.#stop.abort()
  }

  #results(): readonly NodeRemovals[] {
    return this.#nodes.map(({name}, index) => this.#sums[index]!.of(name))
  }

  #ask(): Promise<void> {
    this.#isAsking = true
    this.#asking = Promise.all(this.#nodes.map((node, index) => this.#sample(node, index))).then(() => {
      this.#isAsking = false
    })
    return this.#asking
  }

  async #sample({address}: WatchedNode, index: number): Promise<void> {
    if (this.#stop.signal.aborted) return
    const figures = await readRemovals(address, {
      timeoutMs: this.#patienceMs,
      signal: this.#stop.signal,
      requests: this.#requests,
    }).catch(() => null)
    if (figures === null) return
    const sum = this.#sums[index]!
    if (sum.isEmpty && this.#fromTheirStart) sum.add({...nothing, pid: figures.pid})
    sum.add(figures)
  }
}

/**
 * Asks a node for its removals since its start.
 * @throws AskError when it does not answer
 */
async function readRemovals(
  address: Address,
  options: {timeoutMs: number; signal: AbortSignal; requests: RequestCount | undefined},
): Promise<RemovalFigures> {
  const connection = new ItemConnection(address, options)
  const stats = new Map<string, number>()
  try {
    await connection.lines('stats', line => {
      const [, name = '', value = ''] = line.split(' ')
      stats.set(name, Number(value))
    })
  } finally {
    connection.close()
  }
  const number = (name: string): number | null => stats.get(name) ?? null
  return {
    pid: number('pid'),
    evictions: number('evictions'),
    reclaimed: number('reclaimed'),
    expiredUnfetched: number('expired_unfetched'),
    bytes: number('bytes'),
    limitBytes: number('limit_maxbytes'),
  }
}
