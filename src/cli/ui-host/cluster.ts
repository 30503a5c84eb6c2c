import type {OwnTrafficByAddress} from '../../ask/own-traffic.js'
import type {Address} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {NodeSample} from '../../server/stats/node-sample.js'
import {attachTopology} from '../../server/topology/attached-node.js'
import type {LaunchOptions} from '../../server/topology/launch-options.js'
import {launchTopology, type Topology} from '../../server/topology/topology.js'
import type {UiPair} from '../../ui/ports/ui-ports.js'
import {UsageError} from '../app/errors.js'
import type {LoadTarget, NodePair} from '../load/load-target.js'
import {type MakePolls, SharedPolls} from './shared-polls.js'
import {type WatchedPair, type WatchPairOptions, watchPair} from './watch-pair.js'

export interface UiClusterOptions {
  /** What every launch has in common. */
  readonly launch: Pick<LaunchOptions, 'binPath' | 'env'>
  /** Makes what writes probe keys, the only sure sign that a pair replicates; null: none may be written. */
  readonly makeProbe: WatchPairOptions['makeProbe']
  /** Makes what polls the nodes. */
  readonly makePolls: MakePolls
  /** Counts what watching does to the nodes. */
  readonly traffic: OwnTrafficByAddress
}

interface Member {
  readonly topology: Topology
  readonly polls: SharedPolls
  /** Says whether its pair really replicates; null where it has none. */
  readonly watched: WatchedPair | null
}

/** The nodes on the screen: what was launched, and what was attached. */
export class UiCluster {
  readonly #options: UiClusterOptions
  readonly #members: Member[] = []
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  readonly #sampleListeners = new Set<(node: ClusterNode, sample: NodeSample) => void>()
  readonly #closing = new AbortController()
  #launching: Promise<unknown> = Promise.resolve()

  constructor(options: UiClusterOptions) {
    this.#options = options
  }

  nodes(): readonly ClusterNode[] {
    return this.#members.flatMap(({topology}) => topology.nodes)
  }

  pairs(): readonly UiPair[] {
    return this.#members.flatMap(({topology: {pair, replicationPort}, watched}) =>
      pair === null
        ? []
        : [{...pair, replicationPort, truth: () => watched?.truth() ?? null, lagUs: () => watched?.lagUs() ?? null}],
    )
  }

  /**
   * A node as the target of a load; the nodes run on when the load has ended.
   * @throws UsageError where the node is no longer there
   */
  targetOf(home: ClusterNode): LoadTarget {
    const member = this.#memberOf(home)
    if (member === undefined) throw new UsageError(`cannot load ${home.name}: it is no longer there`)
    const {topology, watched} = member
    const pair: NodePair | null = topology.pair === null ? null : [topology.pair.master, topology.pair.slave]
    const watch = watched?.watch() ?? null
    const close = async (): Promise<void> => {}
    return {
      topology: topology.name,
      nodes: topology.nodes,
      home,
      pair: pair?.includes(home) ? pair : null,
      // The pair is watched anyway, with probe writes unless nothing may be written.
      watchLink: () => (watch === null ? null : {watch, close}),
      close,
    }
  }

  onNodeEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back for what each node says once a second. */
  onNodeSample(listener: (node: ClusterNode, sample: NodeSample) => void): () => void {
    this.#sampleListeners.add(listener)
    return () => this.#sampleListeners.delete(listener)
  }

  /** Starts nodes and adds them. Rejects with one line for the operator. */
  launch(options: Omit<LaunchOptions, 'binPath' | 'env' | 'signal' | 'onEvent' | 'takenNames'>): Promise<void> {
    const launched = this.#launch(options)
    this.#launching = Promise.allSettled([this.#launching, launched])
    return launched
  }

  /** Adds running servers; two are taken for a pair. */
  attach(addresses: readonly Address[]): void {
    const topology = attachTopology(addresses)
    for (const node of topology.nodes) node.onEvent(this.#tell)
    this.#add(topology, sample => topology.nodes.find(({name}) => name === sample.node)?.observed(sample))
  }

  /** Takes a running server from the screen, and those that were attached with it; they run on. */
  async detach(node: ClusterNode): Promise<void> {
    const index = this.#members.findIndex(({topology}) => topology.nodes.includes(node))
    const [member] = index < 0 || node.supervised ? [] : this.#members.splice(index, 1)
    await member?.watched?.close()
    member?.polls.close()
  }

  async restart(node: ClusterNode): Promise<void> {
    await node.stop()
    await node.start({signal: this.#closing.signal})
  }

  /** Stops what was launched. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#launching
    await Promise.all(this.#members.map(({watched}) => watched?.close()))
    for (const {polls} of this.#members) polls.close()
    await Promise.all(this.#members.map(({topology}) => topology.close()))
  }

  #memberOf(node: ClusterNode): Member | undefined {
    return this.#members.find(({topology}) => topology.nodes.includes(node))
  }

  readonly #tell = (event: NodeEvent): void => {
    for (const {polls, topology} of this.#members) {
      if (topology.nodes.some(({name}) => name === event.node)) polls.heard(event)
    }
    for (const listener of this.#listeners) listener(event)
  }

  async #launch(options: Omit<LaunchOptions, 'binPath' | 'env' | 'signal' | 'onEvent' | 'takenNames'>): Promise<void> {
    const topology = await launchTopology({
      ...options,
      ...this.#options.launch,
      takenNames: this.nodes().map(({name}) => name),
      signal: this.#closing.signal,
      onEvent: this.#tell,
    })
    this.#add(topology)
  }

  #add(topology: Topology, onSample: (sample: NodeSample) => void = () => {}): void {
    const {pair, nodes} = topology
    const {makeProbe, makePolls, traffic} = this.#options
    const polls = new SharedPolls({
      makePolls,
      nodes: nodes.map(({name, address}) => ({name, address, traffic: traffic.at(address)})),
      onSample: (sample, inTurn) => {
        onSample(sample)
        const node = nodes.find(({name}) => name === sample.node)
        if (node !== undefined && inTurn) for (const listener of this.#sampleListeners) listener(node, sample)
      },
    })
    const watched =
      pair === null
        ? null
        : watchPair({
            nodes: [pair.master, pair.slave],
            makeProbe,
            makePolls: polls.of,
            traffic,
            onEvent: this.#tell,
          })
    this.#members.push({topology, polls, watched})
  }
}
