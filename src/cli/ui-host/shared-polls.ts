import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {NodePolls, NodePollsOptions} from '../../server/observe/stats-watch.js'

export type MakePolls = (options: NodePollsOptions) => NodePolls

export interface SharedPollsOptions extends NodePollsOptions {
  readonly makePolls: MakePolls
}

/** A node that was away can be asked again. */
const answersAgain: ReadonlySet<NodeEvent['kind']> = new Set(['ready', 'resumed'])

/** Polls of the nodes of one topology, for the screen and for whoever watches its pair: each node is asked once. */
export class SharedPolls {
  readonly #polls: NodePolls
  readonly #listeners = new Set<NodePollsOptions['onSample']>()

  constructor({makePolls, onSample, ...options}: SharedPollsOptions) {
    this.#listeners.add(onSample)
    this.#polls = makePolls({
      ...options,
      onSample: (sample, inTurn) => {
        for (const listener of this.#listeners) listener(sample, inTurn)
      },
    })
    this.#polls.start()
  }

  /** The same polls as somebody wants them who watches some of the nodes. */
  readonly of: MakePolls = ({nodes, onSample}) => {
    const names = nodes.map(({name}) => name)
    const listener: typeof onSample = (sample, inTurn) => {
      if (names.includes(sample.node)) onSample(sample, inTurn)
    }
    const poll = (): void => this.#polls.poll()
    return {
      start: () => {
        this.#listeners.add(listener)
        poll()
      },
      poll,
      pollNow: async () => {
        const samples = await this.#polls.pollNow()
        return names.flatMap(name => samples.filter(({node}) => node === name))
      },
      close: () => {
        this.#listeners.delete(listener)
      },
    }
  }

  /** A node has told something. */
  heard({kind}: NodeEvent): void {
    if (answersAgain.has(kind)) void this.#polls.pollNow()
  }

  close(): void {
    this.#polls.close()
  }
}
