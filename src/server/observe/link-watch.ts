import {setTimeout as delay} from 'node:timers/promises'
import {OwnTrafficByAddress} from '../../ask/own-traffic.js'
import {formatAddress} from '../../protocol/address.js'
import {type Judgement, judgeLink, LAG_BUDGET_MS} from '../node-api/link-verdict.js'
import type {NodeEvent} from '../node-api/node-event.js'
import type {
  LagSample,
  PairProbe,
  PairProbes,
  ProbedNode,
  ProbeEvidence,
  ProbePairOptions,
} from '../node-api/pair-probe.js'
import {type Parting, partingCauses} from '../parting/parting.js'
import {PartingWatch} from '../parting/parting-watch.js'
import type {NodeSample} from '../stats/node-sample.js'
import {WatchedEnd, type WatchedNode} from './link-end.js'
import {LinkEvents} from './link-events.js'
import {LinkLag, type PairLagUs} from './link-lag.js'
import {RecheckPace} from './recheck-pace.js'
import {type NodePolls, type NodePollsOptions, StatsWatch} from './stats-watch.js'

/** Both nodes are polled at least so often. */
const POLL_MS = 1000
const CONFIRM_POLL_MS = 20
/** A pair without a verdict after so long is in doubt. */
const FIRST_TRUTH_MS = 5000

export interface LinkTruth extends Judgement {
  /** How the nodes of a healthy link differ; null when they do not, or it is unknown. */
  readonly parting: Parting | null
  /** Since when the verdict holds: wall clock, ms since the epoch. */
  readonly sinceMs: number
}

export interface LinkWatchOptions {
  /** The two that are meant to replicate to each other. */
  readonly nodes: readonly [WatchedNode, WatchedNode]
  /** Makes the probe that writes keys on both nodes, the only sure sign; null to write nothing. */
  readonly makeProbe: ((options: ProbePairOptions) => PairProbe) | null
  /** Makes what polls the nodes. @default polls of its own, on this thread */
  readonly makePolls?: (options: NodePollsOptions) => NodePolls
  /** Counts what watching does to the nodes, where others ask them too. @default a counter of its own */
  readonly traffic?: OwnTrafficByAddress
  readonly slabs?: boolean
  /** Window of the rates. @default 1000 */
  readonly windowMs?: number
  /** A write under way for longer does not cross. @default LAG_BUDGET_MS */
  readonly lagBudgetMs?: number
  readonly onSample?: (sample: NodeSample) => void
  readonly onLag?: (sample: LagSample) => void
}

/** A node that was away may be asked again at once. */
const answersAgain: ReadonlySet<NodeEvent['kind']> = new Set(['ready', 'resumed'])

const noProbe: ProbeEvidence = {crossedAtMs: null, missing: null, problem: null}

/** Watches two nodes and judges whether they really replicate; raises an alarm as soon as they stop. */
export class LinkWatch {
  readonly #options: LinkWatchOptions
  readonly #ends: readonly [WatchedEnd, WatchedEnd]
  readonly #polls: NodePolls
  readonly #probe: PairProbe | null
  readonly #lag: LinkLag
  readonly #events: LinkEvents
  readonly #truthListeners = new Set<(truth: LinkTruth) => void>()
  readonly #unsubscribe: (() => void)[] = []
  readonly #partingWatch: PartingWatch
  #truth: LinkTruth = {
    verdict: 'unknown',
    why: 'nothing is known yet',
    proven: false,
    parting: null,
    sinceMs: Date.now(),
  }
  #recheck: NodeJS.Timeout | undefined
  readonly #pace = new RecheckPace()
  #firstTruth: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: LinkWatchOptions) {
    this.#options = options
    const [first, second] = options.nodes
    const {slabs = false, windowMs = POLL_MS, traffic = new OwnTrafficByAddress()} = options
    this.#ends = [new WatchedEnd(first, traffic), new WatchedEnd(second, traffic)]
    this.#events = new LinkEvents(`${first.name}+${second.name}`)
    const {makePolls = own => new StatsWatch(own)} = options
    this.#polls = makePolls({
      nodes: this.#asked,
      slabs,
      windowMs,
      intervalMs: Math.min(windowMs, POLL_MS),
      onSample: sample => this.#sampled(sample),
    })
    this.#lag = new LinkLag(first.name)
    this.#probe = options.makeProbe === null ? null : this.#makeProbe(options.makeProbe)
    this.#partingWatch = new PartingWatch({
      nodes: this.#asked,
      mayWrite: this.#probe !== null,
      onChange: parting => this.#parted(parting),
    })
  }

  get truth(): LinkTruth {
    return this.#truth
  }

  /** How far the nodes lag behind each other now. */
  get lagUs(): PairLagUs {
    return this.#lag.now(this.#probes())
  }

  start(): void {
    for (const end of this.#ends) {
      const unsubscribe = end.node.onEvent?.(event => this.#heard(end, event))
      if (unsubscribe !== undefined) this.#unsubscribe.push(unsubscribe)
    }
    this.#polls.start()
    this.#probe?.start()
    this.#firstTruth = setTimeout(() => this.#events.stillUnknown(this.#truth.why), FIRST_TRUTH_MS)
  }

  /** Calls back when the verdict changes. */
  onTruth(listener: (truth: LinkTruth) => void): () => void {
    this.#truthListeners.add(listener)
    return () => this.#truthListeners.delete(listener)
  }

  /**
   * What is known when there was time to find out: until a write that was seen to cross both ways from now on, where
   * probes are tried, or something else than `paired` and `unknown`.
   */
  async confirm({timeoutMs, signal}: {timeoutMs: number; signal?: AbortSignal}): Promise<LinkTruth> {
    const askedMs = performance.now()
    if (signal?.aborted) return this.#truth
    const polled = this.#polls.pollNow()
    const crossedSince = () => this.#probe?.evidence.every(({crossedAtMs}) => (crossedAtMs ?? 0) > askedMs) ?? true
    const isSure = () => {
      if (this.#truth.verdict === 'paired') return crossedSince()
      return this.#truth.verdict !== 'unknown'
    }
    await Promise.race([polled, aborted(signal)])
    while (!isSure() && performance.now() - askedMs < timeoutMs && signal?.aborted !== true)
      await delay(CONFIRM_POLL_MS)
    return this.#truth
  }

  /** Finds out whether the nodes of a paired link hold the same, as far as their figures leave a doubt now. */
  async settleParting({signal}: {signal?: AbortSignal | undefined} = {}): Promise<LinkTruth> {
    if (this.#truth.verdict === 'paired') await this.#partingWatch.settle({signal})
    return this.#truth
  }

  /** Asks both nodes now. */
  async pollNow(): Promise<readonly NodeSample[]> {
    return await this.#polls.pollNow()
  }

  /** Calls back when the pair stops replicating and when it replicates again. */
  onEvent(listener: (event: NodeEvent) => void): () => void {
    return this.#events.onEvent(listener)
  }

  /** Deletes the probe keys and closes every connection. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#recheck)
    clearTimeout(this.#firstTruth)
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#events.close()
    await this.#partingWatch.close()
    this.#polls.close()
    await this.#probe?.close()
  }

  get #asked(): readonly [ProbedNode, ProbedNode] {
    return [this.#ends[0].asked, this.#ends[1].asked]
  }

  #makeProbe(makeProbe: NonNullable<LinkWatchOptions['makeProbe']>): PairProbe {
    return makeProbe({
      nodes: this.#asked,
      onLag: sample => {
        this.#lag.add(sample)
        this.#options.onLag?.(sample)
      },
      onEvidence: () => this.#probed(),
    })
  }

  #probed(): void {
    const crossedAtMs = Math.max(...this.#probes().map(evidence => evidence.crossedAtMs ?? 0))
    // Both nodes answered the probe: one that was silent is back.
    if (this.#ends.some(({silentAtMs}) => silentAtMs !== null && silentAtMs < crossedAtMs)) void this.#polls.pollNow()
    this.#judge()
  }

  #probes(): PairProbes {
    return this.#probe?.evidence ?? [noProbe, noProbe]
  }

  #heard(end: WatchedEnd, {kind, monotonicMs}: NodeEvent): void {
    const says = end.heard(kind, monotonicMs)
    if (says || answersAgain.has(kind)) this.#pace.begin()
    if (answersAgain.has(kind)) void this.#polls.pollNow()
    if (says) this.#judge()
  }

  #sampled(sample: NodeSample): void {
    const end = this.#ends.find(({node}) => node.name === sample.node)!
    const news = end.sampled(sample)
    if (news === null) return
    this.#options.onSample?.(sample)
    if (news.fellSilentOrAnswers) this.#pace.begin()
    this.#judge()
    this.#partingWatch.sampled(sample, this.#truth.verdict === 'paired')
    if (news.unsettled) this.#checkSoon()
  }

  #judge(): void {
    if (this.#closed) return
    const [first, second] = this.#ends
    if (isOlder(first, second) || isOlder(second, first)) {
      this.#checkSoon()
      return
    }
    const {lagBudgetMs = LAG_BUDGET_MS} = this.#options
    const judgement = judgeLink(
      {nodes: [first.evidence, second.evidence], probes: this.#probes(), probing: this.#probe !== null},
      {lagBudgetMs},
    )
    if (judgement === null) this.#checkSoon()
    else this.#settle(judgement)
  }

  #checkSoon(): void {
    if (this.#closed || this.#recheck !== undefined) return
    const waitMs = this.#pace.next(performance.now())
    if (waitMs === null) return
    this.#recheck = setTimeout(() => {
      this.#recheck = undefined
      this.#polls.poll()
    }, waitMs)
  }

  #settle(judgement: Judgement): void {
    const changed = judgement.verdict !== this.#truth.verdict
    const {parting, sinceMs} = this.#truth
    this.#truth = {...judgement, parting, sinceMs: changed ? Date.now() : sinceMs}
    if (!changed) return
    this.#pace.begin()
    if (judgement.verdict !== 'paired' && judgement.verdict !== 'unknown') this.#partingWatch.restart()
    this.#events.settled(
      judgement,
      this.#ends.some(({hasToldOfItsEnd}) => hasToldOfItsEnd),
    )
    for (const listener of this.#truthListeners) listener(this.#truth)
  }

  #parted(parting: Parting | null): void {
    const isNew = this.#truth.parting === null
    this.#truth = {...this.#truth, parting}
    if (this.#closed) return
    if (parting !== null && isNew) {
      const [first, second] = this.#ends.map(({node}) => formatAddress(node.address))
      this.#events.tell(
        'parting',
        `paired, but ${parting.text}: ${parting.detail}; ${partingCauses}; compare: repbench diff ${first} ${second}`,
      )
    }
    for (const listener of this.#truthListeners) listener(this.#truth)
  }
}

/** What a node said last is from before the other one came back: it may claim to be alone, and be paired by now. */
function isOlder({evidence: {answeredAtMs}, silentAtMs}: WatchedEnd, other: WatchedEnd): boolean {
  return answeredAtMs !== null && silentAtMs === null && answeredAtMs < other.returnedAtMs
}

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => signal?.addEventListener('abort', () => resolve(), {once: true}))
}
