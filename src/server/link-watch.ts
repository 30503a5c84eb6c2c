import {WatchedEnd, type WatchedNode} from './link-end.js'
import {LinkLag, type PairLagUs} from './link-lag.js'
import {type Judgement, judgeLink, type LinkVerdict, type ProbeEvidence} from './link-truth.js'
import type {NodeEvent} from './node-event.js'
import type {LagSample, PairProbe, ProbePairOptions} from './probe-pair.js'
import {noTraffic, type OwnCounts} from './stats-own-traffic.js'
import {StatsPoller} from './stats-poller.js'
import type {NodeSample} from './stats-sample.js'
import {StatsWatch} from './stats-watch.js'

/** Doubtful news are checked with both nodes so soon; while they stay doubtful, after ever longer waits. */
const FIRST_RECHECK_MS = 30
const LAST_RECHECK_MS = 500

export interface LinkTruth extends Judgement {
  /** Since when the verdict holds: wall clock, ms since the epoch. */
  readonly sinceMs: number
}

export interface LinkWatchOptions {
  /** The two that are meant to replicate to each other. */
  readonly nodes: readonly [WatchedNode, WatchedNode]
  /** Makes what writes probe keys on both nodes: the only sure sign. Null: nothing is written. */
  readonly makeProbe: ((options: ProbePairOptions) => PairProbe) | null
  readonly slabs?: boolean
  readonly onSample?: (sample: NodeSample) => void
  readonly onLag?: (sample: LagSample) => void
  /** Called when the verdict changes. */
  readonly onTruth?: (truth: LinkTruth) => void
}

const noProbe: ProbeEvidence = {crossedAtMs: null, missing: null, problem: null}

/** Watches two nodes and says whether they really replicate: as soon as they stop to, that is the loudest event. */
export class LinkWatch {
  readonly #options: LinkWatchOptions
  readonly #ends: readonly [WatchedEnd, WatchedEnd]
  readonly #watch: StatsWatch
  readonly #probe: PairProbe | null
  readonly #lag: LinkLag
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  readonly #unsubscribe: (() => void)[] = []
  #truth: LinkTruth = {verdict: 'unknown', why: 'nothing is known yet', sinceMs: Date.now()}
  #recheck: NodeJS.Timeout | undefined
  #recheckMs = FIRST_RECHECK_MS
  #closed = false

  constructor(options: LinkWatchOptions) {
    this.#options = options
    const [first, second] = options.nodes
    this.#ends = [new WatchedEnd(first), new WatchedEnd(second)]
    const pollers = this.#ends.map(
      ({node: {name, address}, traffic}) => new StatsPoller({name, address, traffic, slabs: options.slabs ?? false}),
    )
    this.#watch = new StatsWatch({pollers, onSample: sample => this.#sampled(sample)})
    this.#lag = new LinkLag(first.name)
    this.#probe = options.makeProbe === null ? null : this.#makeProbe(options.makeProbe)
  }

  get truth(): LinkTruth {
    return this.#truth
  }

  /** How far the nodes lag behind each other now. */
  get lagUs(): PairLagUs {
    return this.#lag.now(this.#probe?.evidence ?? [noProbe, noProbe])
  }

  start(): void {
    for (const end of this.#ends) {
      const unsubscribe = end.node.onEvent?.(event => this.#heard(end, event))
      if (unsubscribe !== undefined) this.#unsubscribe.push(unsubscribe)
    }
    this.#watch.start()
    this.#probe?.start()
  }

  /** What watching has done to a node so far. */
  ownCounts(name: string): OwnCounts {
    return this.#ends.find(({node}) => node.name === name)?.traffic.counts() ?? noTraffic
  }

  /** Asks both nodes now. */
  async pollNow(): Promise<readonly NodeSample[]> {
    return await this.#watch.pollNow()
  }

  /** Calls back for `diverging` and `replicating`, as a node does for its events. */
  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Deletes the probe keys and closes every connection. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#recheck)
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#watch.close()
    await this.#probe?.close()
  }

  #makeProbe(makeProbe: NonNullable<LinkWatchOptions['makeProbe']>): PairProbe {
    const [first, second] = this.#ends
    const probed = ({node: {name, address}, traffic}: WatchedEnd) => ({name, address, traffic})
    return makeProbe({
      nodes: [probed(first), probed(second)],
      onLag: sample => {
        this.#lag.add(sample)
        this.#options.onLag?.(sample)
      },
      onEvidence: () => this.#judge(),
    })
  }

  #heard(end: WatchedEnd, {kind, monotonicMs}: NodeEvent): void {
    if (end.heard(kind, monotonicMs)) this.#judge()
  }

  #sampled(sample: NodeSample): void {
    const end = this.#ends.find(({node}) => node.name === sample.node)!
    const unsettled = end.sampled(sample)
    this.#options.onSample?.(sample)
    this.#judge()
    if (unsettled) this.#checkSoon()
  }

  #judge(): void {
    if (this.#closed) return
    const [first, second] = this.#ends
    const probes = this.#probe?.evidence ?? ([noProbe, noProbe] as const)
    const judgement = judgeLink({nodes: [first.evidence, second.evidence], probes})
    if (judgement === null) this.#checkSoon()
    else {
      this.#recheckMs = FIRST_RECHECK_MS
      this.#settle(judgement)
    }
  }

  #checkSoon(): void {
    if (this.#closed) return
    this.#recheck ??= setTimeout(() => {
      this.#recheck = undefined
      this.#recheckMs = Math.min(this.#recheckMs * 2, LAST_RECHECK_MS)
      void this.#watch.pollNow()
    }, this.#recheckMs)
  }

  #settle(judgement: Judgement): void {
    const before = this.#truth.verdict
    const changed = judgement.verdict !== before
    this.#truth = {...judgement, sinceMs: changed ? Date.now() : this.#truth.sinceMs}
    if (!changed) return
    const event = eventOf(before, judgement)
    if (event !== null) this.#emit(event)
    this.#options.onTruth?.(this.#truth)
  }

  #emit({kind, text}: Pick<NodeEvent, 'kind' | 'text'>): void {
    const node = this.#ends.map(end => end.node.name).join('+')
    const event: NodeEvent = {monotonicMs: performance.now(), atMs: Date.now(), node, kind, text}
    for (const listener of this.#listeners) listener(event)
  }
}

/** The good news are told only after the bad ones. */
function eventOf(before: LinkVerdict, {verdict, why}: Judgement): Pick<NodeEvent, 'kind' | 'text'> | null {
  if (verdict === 'unpaired-but-serving') {
    return {kind: 'diverging', text: `BOTH NODES ANSWER AND NOTHING REPLICATES: ${why}`}
  }
  if (before === 'unpaired-but-serving' && verdict === 'paired') {
    return {kind: 'replicating', text: `the nodes replicate again (${why}); what was written meanwhile may differ`}
  }
  return null
}
