import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {FullSync} from '../judge/drill-timings.js'

/** On performance.now(). */
interface SyncTimes {
  readonly node: string
  readonly fromMs: number
  toMs: number | null
  keys: number | null
  over: boolean
}

/** Notes the full syncs of a drill's nodes from their events. */
export class SyncWatch {
  readonly #copies: SyncTimes[] = []
  readonly #unsubscribe: readonly (() => void)[]

  constructor(nodes: readonly Pick<ClusterNode, 'onEvent'>[]) {
    this.#unsubscribe = nodes.map(node =>
      node.onEvent(({kind, node: name, monotonicMs, facts}) => {
        const open = this.#copies.find(copy => copy.node === name && !copy.over)
        if (kind === 'fullSyncStarted') {
          this.#copies.push({node: name, fromMs: monotonicMs, toMs: null, keys: null, over: false})
        } else if (open !== undefined && kind === 'fullSyncDone') {
          Object.assign(open, {toMs: monotonicMs, keys: facts?.keys ?? null, over: true})
        } else if (open !== undefined && (kind === 'linkLost' || kind === 'killed' || kind === 'stopped')) {
          open.over = true
        }
      }),
    )
  }

  /** Whether a copy was under way at some time between two moments of performance.now(). */
  overlaps(fromMs: number, toMs: number): boolean {
    return this.#copies.some(copy => copy.fromMs < toMs && (copy.toMs ?? (copy.over ? copy.fromMs : toMs)) >= fromMs)
  }

  /** Copies that began at or after a moment of performance.now(). @param startMs of the load */
  since(momentMs: number, startMs: number): readonly FullSync[] {
    const seconds = (ms: number): number => (ms - startMs) / 1000
    return this.#copies
      .filter(({fromMs}) => fromMs >= momentMs)
      .map(({node, fromMs, toMs, keys}) => ({
        node,
        from: seconds(fromMs),
        to: toMs === null ? null : seconds(toMs),
        keys,
      }))
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }
}
