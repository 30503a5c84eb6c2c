import type {NodeSample} from '../stats/node-sample.js'
import type {StatsPoller} from './stats-poller.js'

export interface StatsWatchOptions {
  readonly pollers: readonly StatsPoller[]
  readonly onSample: (sample: NodeSample) => void
  /** @default 1000 */
  readonly intervalMs?: number
}

/** Polls nodes once a second, each by itself: one that does not answer holds up nobody. */
export class StatsWatch {
  readonly #options: Required<StatsWatchOptions>
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: StatsWatchOptions) {
    this.#options = {intervalMs: 1000, ...options}
  }

  /** The first poll is made at once. */
  start(): void {
    this.#timer ??= setInterval(() => void this.pollNow(), this.#options.intervalMs)
    void this.pollNow()
  }

  /** Asks every node, out of turn; resolves with all samples, in the order of the pollers. */
  async pollNow(): Promise<readonly NodeSample[]> {
    return await Promise.all(
      this.#options.pollers.map(async poller => {
        const sample = await poller.poll()
        if (!this.#closed) this.#options.onSample(sample)
        return sample
      }),
    )
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    for (const poller of this.#options.pollers) poller.close()
  }
}
