import type {ProbedNode} from '../node-api/pair-probe.js'
import type {NodeSample} from '../stats/node-sample.js'
import {StatsPoller} from './stats-poller.js'

/** Polls of nodes, made on this thread or another. */
export interface NodePolls {
  /** The first poll is made at once. */
  start(): void
  /** Polls out of turn the nodes that have not just been silent. */
  poll(): void
  /** Polls every node, out of turn; resolves with all samples, in the order of the nodes, after they were told. */
  pollNow(): Promise<readonly NodeSample[]>
  close(): void
}

export interface NodePollsOptions {
  readonly nodes: readonly ProbedNode[]
  /** @param inTurn whether the sample is one of those that come at the interval */
  readonly onSample: (sample: NodeSample, inTurn: boolean) => void
  /** @default 1000 */
  readonly intervalMs?: number
  /** As of a StatsPoller. */
  readonly slabs?: boolean
  readonly windowMs?: number
  readonly timeoutMs?: number
}

/** Polls nodes once a second, each by itself: one that does not answer does not delay the others. */
export class StatsWatch implements NodePolls {
  readonly #onSample: NodePollsOptions['onSample']
  readonly #intervalMs: number
  readonly #pollers: readonly StatsPoller[]
  /** The newest that was told of each poller. */
  readonly #told = new Map<StatsPoller, NodeSample>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor({nodes, onSample, intervalMs = 1000, ...options}: NodePollsOptions) {
    this.#onSample = onSample
    this.#intervalMs = intervalMs
    this.#pollers = nodes.map(node => new StatsPoller({...options, node}))
  }

  start(): void {
    if (this.#timer !== undefined) return
    const turn = (): void => {
      for (const poller of this.#pollers) void this.#tell(poller, poller.poll(), true)
    }
    this.#timer = setInterval(turn, this.#intervalMs)
    turn()
  }

  poll(): void {
    for (const poller of this.#pollers) void this.#tell(poller, poller.poll(), false)
  }

  async pollNow(): Promise<readonly NodeSample[]> {
    return await Promise.all(this.#pollers.map(poller => this.#tell(poller, poller.pollNow(), false)))
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    for (const poller of this.#pollers) poller.close()
  }

  /** Each turn tells its sample; out of turn only a new one is told. */
  async #tell(poller: StatsPoller, poll: Promise<NodeSample>, inTurn: boolean): Promise<NodeSample> {
    const sample = await poll
    const isNew = this.#told.get(poller) !== sample
    this.#told.set(poller, sample)
    if (!this.#closed && (isNew || inTurn)) this.#onSample(sample, inTurn)
    return sample
  }
}
