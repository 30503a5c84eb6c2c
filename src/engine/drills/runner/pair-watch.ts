import type {LagEvent} from '../../lag/lag-event.js'
import {type RunningLagProbe, type StartLagProbe, startLagProbe} from '../../lag/lag-probe.js'
import type {LagSummary} from '../../lag/lag-record.js'
import type {DrillCluster, DrillWatch} from '../contract/drill.js'
import type {DrillResult} from '../judge/drill-result.js'
import type {RunningClock} from './drill-clock.js'
import {EmptyWatch} from './empty-watch.js'
import {SyncWatch} from './sync-watch.js'

/** Events that tell of a fault, in the order in which they are named. */
const telling = ['killed', 'stopped', 'crashed', 'paused', 'overflow', 'linkLost', 'bindFailed']

interface PairWatchOptions {
  readonly nodes: readonly [DrillCluster['master'], DrillCluster['slave']]
  readonly clock: RunningClock
  readonly settleLimitMs: number
  /** @default on this thread */
  readonly startLagProbe: StartLagProbe | undefined
  readonly onLagEvent: (event: LagEvent) => void
}

/** Watches the pair of a drill: the events of its nodes, and writes of its own that must cross. */
export class PairWatch implements DrillWatch {
  readonly probe: RunningLagProbe
  readonly syncs: SyncWatch
  readonly empty: EmptyWatch
  readonly #options: PairWatchOptions
  readonly #eventKinds = new Set<string>()
  readonly #unsubscribe: readonly (() => void)[]

  constructor(options: PairWatchOptions) {
    const {nodes, onLagEvent: onEvent} = options
    const [a, b] = nodes
    this.#options = options
    this.#unsubscribe = nodes.map(node => node.onEvent(({kind}) => this.#eventKinds.add(kind)))
    this.probe = (options.startLagProbe ?? startLagProbe)({a: a.address, b: b.address, onEvent})
    // What comes before the load is no lag of the drill.
    this.probe.record.enter(null, Number.NEGATIVE_INFINITY)
    this.syncs = new SyncWatch(nodes)
    this.empty = new EmptyWatch(nodes)
  }

  sawEvent(kind: string): boolean {
    return this.#eventKinds.has(kind)
  }

  async untilRecovered(): Promise<number | null> {
    const sinceMs = performance.now()
    const recovered = await this.hasCrossed(sinceMs, this.#options.settleLimitMs)
    return recovered ? Math.round(performance.now() - sinceMs) : null
  }

  worstLagMs(): number {
    return this.probe.record.worstLagMs(this.#options.clock.faultMs)
  }

  /** Waits until a write acknowledged since a moment of performance.now() has crossed each way. @returns whether it did within the limit */
  hasCrossed(sinceMs: number, limitMs: number): Promise<boolean> {
    return this.#options.clock.until(() => this.probe.record.crossedSince(sinceMs), limitMs)
  }

  /** The fault begins: events before it do not count. */
  forgetEvents(): void {
    this.#eventKinds.clear()
  }

  /** What the nodes' events tell of the fault, for the operator. */
  describeEvents(): string {
    const seen = telling.filter(kind => this.#eventKinds.has(kind))
    return seen.length === 0 ? 'no node event' : `node events: ${seen.join(', ')}`
  }

  /** In µs; overall, and by when the probes were written. */
  lag(): Pick<DrillResult, 'lagUs' | 'lagByPhaseUs'> {
    const {record} = this.probe
    return {
      lagUs: record.summary(),
      lagByPhaseUs: {
        before: directionsOf(record.summary('before')),
        during: directionsOf(record.summary('during')),
        after: directionsOf(record.summary('after')),
      },
    }
  }

  async stop(): Promise<void> {
    await this.probe.stop()
    this.syncs.stop()
    this.empty.stop()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }
}

function directionsOf({aToB, bToA}: LagSummary): Pick<LagSummary, 'aToB' | 'bToA'> {
  return {aToB, bToA}
}
