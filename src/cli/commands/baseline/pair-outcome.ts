import {setTimeout as delay} from 'node:timers/promises'
import {LinkProbe} from '../../../engine/lag/link-probe.js'
import {eventAdvice} from '../../../server/node-api/event-advice.js'
import type {LinkVerdict} from '../../../server/node-api/link-verdict.js'
import type {NodeEvent, NodeEventKind} from '../../../server/node-api/node-event.js'
import type {WatchedNode} from '../../../server/observe/link-end.js'
import {LinkWatch} from '../../../server/observe/link-watch.js'

const TRUTH_MS = 3000
const SETTLE_MS = 3000
const POLL_MS = 100

/** State of a pair after a load. */
export interface PairOutcome {
  /** Whether the link stood all through the load and stands after it. */
  readonly linkSurvived: boolean
  /** After the load, tried with probe writes unless they are off. */
  readonly verdict: LinkVerdict
  readonly why: string
  /** The first thing that went wrong during the load, in its event's words; null when nothing did. */
  readonly firstAlarm: {readonly kind: NodeEventKind; readonly node: string; readonly text: string} | null
  /** Counts of both nodes, once they no longer changed; null when one did not answer. */
  readonly counts: PairCounts | null
}

/** A quick look at whether two nodes hold the same; only a comparison key by key is sure. */
interface PairCounts {
  /** `curr_items`: with little memory, eviction makes them alike again. */
  readonly items: {readonly loaded: number; readonly other: number}
  /** `total_items`: what was ever stored, by clients and by the peer. */
  readonly stored: {readonly loaded: number; readonly other: number}
}

export interface PairFollowerOptions {
  /** The node that gets the load first. */
  readonly nodes: readonly [WatchedNode, WatchedNode]
  readonly probe: boolean
}

/** Watches a pair during a load, by its log and figures, and examines it afterwards. */
export class PairFollower {
  readonly #options: PairFollowerOptions
  readonly #watch: LinkWatch
  readonly #stop: (() => void)[]
  #firstAlarm: PairOutcome['firstAlarm'] = null

  constructor(options: PairFollowerOptions) {
    this.#options = options
    // Probe writes begin after the load, which they would be a part of.
    this.#watch = new LinkWatch({nodes: options.nodes, makeProbe: null})
    const note = (event: NodeEvent) => {
      if (eventAdvice[event.kind].weight !== 'alarm') return
      this.#firstAlarm ??= {kind: event.kind, node: event.node, text: event.text}
    }
    const stops = options.nodes.map(node => node.onEvent?.(note))
    this.#stop = [this.#watch.onEvent(note), ...stops.filter(stop => stop !== undefined)]
    this.#watch.start()
  }

  /** Events of the link for the run's timeline, beside those of its nodes. */
  get events(): Pick<LinkWatch, 'onEvent'> {
    return this.#watch
  }

  async close(): Promise<void> {
    for (const stop of this.#stop) stop()
    await this.#watch.close()
  }

  /** To be asked once, after the load; takes a few seconds at most. */
  async outcome(): Promise<PairOutcome> {
    const {nodes, probe} = this.#options
    const firstAlarm = this.#firstAlarm
    const counts = await settledCounts(this.#watch)
    const watch = new LinkWatch({nodes, makeProbe: probe ? options => new LinkProbe(options) : null})
    watch.start()
    const until = performance.now() + TRUTH_MS
    while (performance.now() < until && !isCertain(watch, probe)) await delay(POLL_MS)
    await watch.close()
    const {verdict, why} = watch.truth
    return {linkSurvived: firstAlarm === null && verdict === 'paired', verdict, why, firstAlarm, counts}
  }
}

/** A verdict in which words and, where they are tried, probe writes agree. */
function isCertain({truth: {verdict, proven}}: LinkWatch, probe: boolean): boolean {
  return verdict !== 'unknown' && (!probe || verdict !== 'paired' || proven)
}

/** Item counts, once what is in transit to the other node has arrived. */
async function settledCounts(watch: LinkWatch): Promise<PairCounts | null> {
  const until = performance.now() + SETTLE_MS
  let before = ''
  for (;;) {
    const [loaded, other] = (await watch.pollNow()).map(sample => {
      if (sample.kind === 'silent') return null
      const {items, totalItems} = sample.figures
      return items === null || totalItems === null ? null : {items, totalItems}
    })
    if (!loaded || !other) return null
    const now = JSON.stringify([loaded, other])
    if (now === before || performance.now() > until) {
      return {
        items: {loaded: loaded.items, other: other.items},
        stored: {loaded: loaded.totalItems, other: other.totalItems},
      }
    }
    before = now
    await delay(POLL_MS * 3)
  }
}
