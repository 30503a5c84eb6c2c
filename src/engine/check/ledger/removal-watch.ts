import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../../protocol/address.js'
import type {RequestCount} from '../../measure/request-counts.js'
import {ItemConnection} from '../items/item-connection.js'
import {type NodeRemovals, type RemovalFigures, RemovalSum} from './node-removals.js'

const INTERVAL_MS = 500
/** A node that is frozen is asked again later. */
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
 * Asks nodes twice a second what they have evicted and expired, so that a
 * check can tell items that a node removed from items that were lost. Goes on
 * while nodes are away, and across their restarts.
 */
export class RemovalWatch {
  readonly #nodes: readonly WatchedNode[]
  readonly #requests: RequestCount | undefined
  readonly #sums: readonly RemovalSum[]
  /** Of nodes that were not watched: what they had removed before counts, too. */
  #fromTheirStart = false
  readonly #stop = new AbortController()
  #patienceMs = PATIENCE_MS
  #timer: NodeJS.Timeout | undefined
  #asking: Promise<void> = Promise.resolve()
  #isAsking = false

  /** @param requests what is asked of the nodes is added */
  constructor(nodes: readonly WatchedNode[], requests?: RequestCount) {
    this.#nodes = nodes
    this.#requests = requests
    this.#sums = nodes.map(() => new RemovalSum())
  }

  /** Resolves when the nodes have said, or not, what they had removed before. */
  start(): Promise<void> {
    this.#timer = setInterval(() => {
      if (!this.#isAsking) void this.#ask()
    }, INTERVAL_MS)
    return this.#ask()
  }

  /**
   * Asks once more, and for no more after that; in the order of the nodes.
   * @param options how long a node may take for that, and what ends the wait
   */
  async finish({replyMs = PATIENCE_MS, signal}: FinishOptions = {}): Promise<readonly NodeRemovals[]> {
    clearInterval(this.#timer)
    const giveUp = (): void => this.#stop.abort()
    signal?.addEventListener('abort', giveUp)
    try {
      // What is being asked is as good, unless it takes longer than there is time.
      await Promise.race([this.#asking, delay(Math.min(replyMs, PATIENCE_MS), undefined, {ref: false})])
      this.#patienceMs = Math.min(replyMs, PATIENCE_MS)
      await this.#ask()
      return this.#results()
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  /** Of nodes that were not watched: all that they have removed since their start. */
  async sinceStart(): Promise<readonly NodeRemovals[]> {
    this.#fromTheirStart = true
    await this.#ask()
    return this.#results()
  }

  /** Ends it at once; harmless after finish(). */
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
 * What a node says of the items that it has removed since its start.
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
