import type {OwnTraffic} from '../../ask/own-traffic.js'
import type {PairProbe, ProbedNode, ProbePairOptions} from '../../server/node-api/pair-probe.js'
import type {LagEvent} from './lag-event.js'
import {LagProbe} from './lag-probe.js'
import type {ProbeObserver} from './probe-connection.js'

/** Gentle: it may go on for days, on a pair that nobody loads. */
const INTERVAL_MS = 250

/** The probe as those who watch a pair want it: proves that the link lives, and tells each lag by the nodes' names. */
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
    const [a, b] = nodes.map(({name, address, traffic}: ProbedNode) => ({
      name,
      address,
      observer: observerOf(traffic),
    })) as [LagProbeEnd, LagProbeEnd]
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

type LagProbeEnd = ConstructorParameters<typeof LagProbe>[0]['a']

const nothing = {crossedAtMs: null, missing: null, problem: null, oldestUnseenMs: null}

/** Takes what a probe does out of a node's figures. */
export function observerOf(traffic: OwnTraffic): ProbeObserver {
  return {
    connected: () => traffic.count('connections'),
    disconnected: () => traffic.count('connections', -1),
    asked: requestBytes => traffic.asked(requestBytes),
    answered({command, hits, misses, bytes}) {
      if (command === 'set') traffic.count('sets')
      else if (command === 'delete') traffic.count('deletes')
      else {
        traffic.count('gets', hits + misses)
        traffic.count('hits', hits)
        traffic.count('misses', misses)
      }
      traffic.answered(bytes)
    },
    failed: () => traffic.notAnswered(),
  }
}
