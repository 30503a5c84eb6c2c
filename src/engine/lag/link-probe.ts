import type {PairProbe, ProbePairOptions} from '../../server/node-api/pair-probe.js'
import type {LagEvent} from './lag-event.js'
import {LagProbe} from './lag-probe.js'

/** Few writes: it may run for days, on a pair without load. */
const INTERVAL_MS = 250

/** A probe for the watch of a pair: shows whether the link lives, and tells each lag by the nodes' names. */
export class LinkProbe implements PairProbe {
  readonly #options: ProbePairOptions
  #probe: LagProbe | undefined

  constructor(options: ProbePairOptions) {
    this.#options = options
  }

  get evidence(): PairProbe['evidence'] {
    return this.#probe?.evidence ?? [nothing, nothing]
  }

  start(): void {
    const {nodes, intervalMs = INTERVAL_MS, onEvidence} = this.#options
    const [a, b] = nodes
    this.#probe ??= new LagProbe({a, b, intervalMs, onEvidence, onEvent: event => this.#take(event)})
  }

  async close(): Promise<void> {
    await this.#probe?.stop()
  }

  #take(event: LagEvent): void {
    if (event.type !== 'seen') return
    const {nodes, onLag} = this.#options
    const [from, to] = event.direction === 'aToB' ? nodes : [nodes[1], nodes[0]]
    const {atMs, lagUs, resolutionUs} = event
    onLag({from: from.name, to: to.name, atMs, lagUs, resolutionUs})
  }
}

const nothing = {crossedAtMs: null, missing: null, problem: null, oldestUnseenMs: null}
