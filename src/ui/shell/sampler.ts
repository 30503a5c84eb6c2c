import type {DrillStep} from '../../engine/drills/judge/drill-result.js'
import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import {formatAddress} from '../../protocol/address.js'
import type {ClusterNode, LogLine} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {Sample} from '../core/action.js'
import type {LogView} from '../core/overlay.js'
import {NodePoller} from '../node-view/node-poller.js'
import type {NodeView, PairView} from '../node-view/node-view.js'
import type {UiPorts} from '../ports/ui-ports.js'

const POLL_INTERVAL_MS = 1000

export interface SamplerOptions {
  readonly ports: UiPorts
  readonly onSample: (sample: Sample) => void
  /** Frames a second. */
  readonly fps: number
}

/**
 * Pulls everything that moves and hands it on as one sample a tick, so that one
 * tick is one frame, however much happens in between.
 */
export class Sampler {
  readonly #options: SamplerOptions
  readonly #poller: NodePoller
  readonly #views = new Map<string, NodeView>()
  #nodes: readonly NodeView[] = []
  #pairs: readonly PairView[] = []
  #events: NodeEvent[] = []
  #snapshots: RunSnapshot[] = []
  #drillSteps: DrillStep[] = []
  #drillSnapshots: RunSnapshot[] = []
  #timers: NodeJS.Timeout[] = []
  #watchedLog: string | null = null
  #newestLogLine: LogLine | undefined
  #unsubscribe: (() => void) | undefined

  constructor(options: SamplerOptions) {
    this.#options = options
    this.#poller = new NodePoller(options.ports)
  }

  start(): void {
    const {ports, fps} = this.#options
    this.#unsubscribe = ports.onNodeEvent(event => this.#events.push(event))
    const tickMs = 1000 / fps
    const poll = () => this.#poller.pollAll(ports.nodes())
    this.#timers.push(
      setInterval(() => this.tick(), tickMs),
      // Between two ticks: drawing a frame would be counted into the answer's round trip.
      setTimeout(() => this.#timers.push(setInterval(poll, POLL_INTERVAL_MS)), tickMs / 2),
    )
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#unsubscribe?.()
  }

  addSnapshot(snapshot: RunSnapshot): void {
    this.#snapshots.push(snapshot)
  }

  /** Whose log the samples carry; null = nobody's. */
  watchLog(name: string | null): void {
    this.#watchedLog = name
    this.#newestLogLine = undefined
    this.tick()
  }

  addDrillStep(step: DrillStep): void {
    this.#drillSteps.push(step)
  }

  addDrillSnapshot(snapshot: RunSnapshot): void {
    this.#drillSnapshots.push(snapshot)
  }

  tick(): void {
    const {ports, onSample} = this.#options
    const nodes = ports.nodes()
    this.#poller.pollNew(nodes)
    const events = this.#events
    const snapshots = this.#snapshots
    this.#events = []
    this.#snapshots = []
    const drill = {steps: this.#drillSteps, snapshots: this.#drillSnapshots}
    this.#drillSteps = []
    this.#drillSnapshots = []
    this.#nodes = sameElements(
      this.#nodes,
      nodes.map(node => this.#view(node)),
    )
    this.#pairs = this.#pairViews()
    const log = this.#newLog()
    const sample = {nowMs: Date.now(), nodes: this.#nodes, pairs: this.#pairs, events, snapshots, drill}
    onSample(log === null ? sample : {...sample, log})
  }

  /** The watched log when it has new lines; a copy, for the node's own list goes on changing. */
  #newLog(): Pick<LogView, 'node' | 'lines'> | null {
    const node = this.#options.ports.nodes().find(({name}) => name === this.#watchedLog)
    const newest = node?.logs().at(-1)
    if (node === undefined || newest === undefined || newest === this.#newestLogLine) return null
    this.#newestLogLine = newest
    return {node: node.name, lines: [...node.logs()]}
  }

  /** The same object as before while nothing about the node changed: panes compare by identity. */
  #view(node: ClusterNode): NodeView {
    const status = node.status()
    const poll = this.#poller.of(node)
    const before = this.#views.get(node.name)
    if (before !== undefined && before.status === status && before.poll === poll) return before
    const {name, backend, address, commandLine, logFile} = node
    const view = {name, backend, address: formatAddress(address), commandLine, logFile, status, poll}
    this.#views.set(name, view)
    return view
  }

  #pairViews(): readonly PairView[] {
    const views = this.#options.ports.pairs().map(({master, slave, replicationPort, ...pair}, index): PairView => {
      const before = this.#pairs[index]
      const truth = pair.truth()
      const lagUs = pair.lagUs()
      if (before?.truth === truth && before.lagUs === lagUs) return before
      return {master: master.name, slave: slave.name, replicationPort, truth, lagUs}
    })
    return sameElements(this.#pairs, views)
  }
}

function sameElements<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  return before.length === after.length && before.every((item, index) => item === after[index]) ? before : after
}
