import type {OwnTrafficByAddress} from '../../ask/own-traffic.js'
import type {ClusterNode} from '../node-api/cluster-node.js'
import type {NodeEvidence} from '../node-api/link-verdict.js'
import type {NodeEvent} from '../node-api/node-event.js'
import type {ProbedNode} from '../node-api/pair-probe.js'
import type {NodeSample} from '../stats/node-sample.js'
import {claimOfEvent, claimOfSample, claimOfState} from './link-claim.js'

/** A node to be watched: a supervised one with its log, or just an address. */
export interface WatchedNode
  extends Pick<ClusterNode, 'name' | 'address'>,
    Partial<Pick<ClusterNode, 'status' | 'onEvent'>> {}

/** A busy moment of ours, or of the node, is over sooner. */
const BUSY_MS = 1000

const endings: ReadonlySet<NodeEvent['kind']> = new Set(['killed', 'stopped', 'crashed', 'paused'])

/** What a sample says that was not known before. */
export interface EndNews {
  readonly fellSilentOrAnswers: boolean
  /** It may be otherwise in a moment: the node should be asked again. */
  readonly unsettled: boolean
}

/** One node, and what is known of its end of the link. */
export class WatchedEnd {
  readonly node: WatchedNode
  /** As it is asked: what is asked is counted. */
  readonly asked: ProbedNode
  #evidence: NodeEvidence
  /** A log, where there is one, is quicker and surer than figures. */
  #hasLog = false
  #before: NodeSample | undefined
  #hasToldOfItsEnd = false
  #returnedAtMs = Number.NEGATIVE_INFINITY

  constructor(node: WatchedNode, traffic: OwnTrafficByAddress) {
    const {name, address} = node
    this.node = node
    this.asked = {name, address, traffic: traffic.at(address)}
    const link = claimOfState(node.status?.().link ?? 'unknown')
    const claim = link === null ? null : ({link, source: 'log', atMs: performance.now()} as const)
    this.#hasLog = claim !== null
    this.#evidence = {name, answeredAtMs: null, silentAtMs: null, claim, replicates: null}
  }

  get evidence(): NodeEvidence {
    return this.#evidence
  }

  /** Whether its silence is explained: an event has told that it ended, or that it was frozen. */
  get hasToldOfItsEnd(): boolean {
    return this.#hasToldOfItsEnd
  }

  /** @returns whether that says something of the link */
  heard(kind: NodeEvent['kind'], atMs: number): boolean {
    if (endings.has(kind)) this.#hasToldOfItsEnd = true
    else if (kind === 'ready' || kind === 'resumed') this.#hasToldOfItsEnd = false
    const link = claimOfEvent(kind)
    if (link === undefined) return false
    this.#hasLog = true
    const claim = link === null ? null : ({link, source: 'log', atMs} as const)
    this.#evidence = {...this.#evidence, claim, ...(link === null ? {silentAtMs: atMs} : {})}
    return true
  }

  /** When it first answered after a silence; monotonic ms. */
  get returnedAtMs(): number {
    return this.#returnedAtMs
  }

  /** When it did not answer, of a node that has not answered since; monotonic ms. */
  get silentAtMs(): number | null {
    return this.#before?.kind === 'silent' ? this.#before.atMs : null
  }

  /** @returns what is new about it; null for a sample that it has had before */
  sampled(sample: NodeSample): EndNews | null {
    const before = this.#before
    if (before?.atMs === sample.atMs) return null
    this.#before = sample
    const fellSilentOrAnswers = before?.kind !== sample.kind
    if (sample.kind === 'silent') {
      // From the first silence on: that it lasts is no news for the other node either.
      this.#evidence = {...this.#evidence, silentAtMs: sample.sinceMs, ...(this.#hasLog ? {} : {claim: null})}
      return {fellSilentOrAnswers, unsettled: sample.atMs - sample.sinceMs < BUSY_MS}
    }
    if (before?.kind === 'silent') this.#returnedAtMs = sample.atMs
    const replicates = sample.figures.repcachedVersion !== null
    this.#evidence = {...this.#evidence, answeredAtMs: sample.atMs, replicates}
    if (this.#hasLog) return {fellSilentOrAnswers, unsettled: false}
    const claim = claimOfSample(sample, before)
    // Counted connections that say nothing at the moment do not take back what they said before.
    if (claim !== null && claim.link !== this.#evidence.claim?.link) this.#evidence = {...this.#evidence, claim}
    const {innerConnections} = sample
    const unsettled =
      innerConnections !== null && (before?.kind !== 'answered' || before.innerConnections !== innerConnections)
    return {fellSilentOrAnswers, unsettled}
  }
}
