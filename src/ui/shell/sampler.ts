import type {DrillStep} from '../../engine/drills/judge/drill-result.js'
import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import {formatAddress} from '../../protocol/address.js'
import type {ClusterNode, LogLine} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {Sample} from '../core/action.js'
import {NodePolls} from '../node-view/node-polls.js'
import type {NodeView, PairView} from '../node-view/node-view.js'
import type {UiPorts} from '../ports/ui-ports.js'
import type {LogView} from '../screens/nodes/overlays/log-pane.js'

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
  readonly #polls = new NodePolls()
  readonly #views = new Map<string, NodeView>()
  #nodes: readonly NodeView[] = []
  #pairs: readonly PairView[] = []
  #events: NodeEvent[] = []
  #snapshots: RunSnapshot[] = []
  #drillSteps: DrillStep[] = []
  #drillSnapshots: RunSnapshot[] = []
  #timer: NodeJS.Timeout | undefined
  #watchedLog: string | null = null
  #newestLogLine: LogLine | undefined
  #unsubscribe: readonly (() => void)[] = []

  constructor(options: SamplerOptions) {
    this.#options = options
  }

  start(): void {
    const {ports, fps} = this.#options
    this.#unsubscribe = [
      ports.onNodeEvent(event => this.#events.push(event)),
      ports.onNodeSample((node, sample) => this.#polls.add(node, sample)),
    ]
    this.#timer = setInterval(() => this.tick(), 1000 / fps)
  }

  stop(): void {
    clearInterval(this.#timer)
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  addSnapshot(snapshot: RunSnapshot): void {
    this.#snapshots.push(snapshot)
  }

  /** Whose log the samples carry; null: no log. */
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
    const poll = this.#polls.of(node)
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
