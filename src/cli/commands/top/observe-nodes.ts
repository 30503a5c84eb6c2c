import {OwnTraffic} from '../../../ask/own-traffic.js'
import {LinkProbe} from '../../../engine/lag/link-probe.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import type {ProbePairOptions} from '../../../server/node-api/pair-probe.js'
import {LinkWatch} from '../../../server/observe/link-watch.js'
import {StatsWatch} from '../../../server/observe/stats-watch.js'
import type {NodeSample} from '../../../server/stats/node-sample.js'
import {startState, type TopState, withSample} from './top-state.js'

export interface ObserveOptions {
  readonly servers: readonly Address[]
  /** The two servers are meant to replicate to each other: say whether they do. */
  readonly pair: boolean
  /** With `pair`: write probe keys. */
  readonly probe: boolean
  readonly slabs: boolean
  /** What rates are of. */
  readonly windowMs: number
  /** With `pair`: how long a write may be on its way. */
  readonly lagBudgetMs: number
}

/** Nodes under observation, and what is known of them. */
export interface Observation {
  state(): TopState
  /** Begins to watch the link of a pair. */
  start(): void
  /** Asks every node once more. */
  pollNow(): Promise<unknown>
  /** Resolves when it is known whether the nodes of a pair hold the same, where their figures leave a doubt. */
  settle(signal: AbortSignal): Promise<unknown>
  close(): Promise<void>
}

export function observeNodes({servers, pair, probe, slabs, windowMs, lagBudgetMs}: ObserveOptions): Observation {
  const nodes = servers.map(address => ({name: formatAddress(address), address}))
  let state = startState(nodes.map(({name}) => name))
  const onSample = (sample: NodeSample) => {
    state = withSample(state, sample)
  }
  const [first, second] = nodes
  if (pair && first !== undefined && second !== undefined) {
    const makeProbe = probe ? (options: ProbePairOptions) => new LinkProbe(options) : null
    const watch = new LinkWatch({nodes: [first, second], makeProbe, slabs, windowMs, lagBudgetMs, onSample})
    return {
      state: () => ({...state, link: watch.truth, lagUs: probe ? watch.lagUs : null}),
      start: () => watch.start(),
      pollNow: () => watch.pollNow(),
      settle: signal => watch.settleParting({signal}),
      close: () => watch.close(),
    }
  }
  const asked = nodes.map(node => ({...node, traffic: new OwnTraffic()}))
  const watch = new StatsWatch({nodes: asked, slabs, windowMs, onSample})
  return {
    state: () => state,
    start() {},
    pollNow: () => watch.pollNow(),
    settle: async () => {},
    close: async () => watch.close(),
  }
}
