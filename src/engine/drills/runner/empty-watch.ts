import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {EmptySpan} from '../judge/faulty-reads.js'

/** On performance.now(). */
interface EmptyTimes {
  readonly node: string
  readonly fromMs: number
  toMs: number | null
}

type WatchedNode = Pick<ClusterNode, 'onEvent' | 'name'>

/** Notes from the nodes' events when restarted nodes served clients without a full sync from their peer. */
export class EmptyWatch {
  readonly #times: EmptyTimes[] = []
  /** Nodes that were started and have had no link since. */
  readonly #unlinked = new Set<string>()
  readonly #unsubscribe: readonly (() => void)[]

  constructor(nodes: readonly WatchedNode[]) {
    this.#unsubscribe = nodes.map(node =>
      node.onEvent(({kind, node: name, monotonicMs}) => {
        if (kind === 'started') this.#unlinked.add(name)
        if (kind === 'ready' && this.#unlinked.has(name)) {
          this.#times.push({node: name, fromMs: monotonicMs, toMs: null})
        }
        if (kind !== 'linkUp' && kind !== 'killed' && kind !== 'stopped' && kind !== 'crashed') return
        this.#unlinked.delete(name)
        const open = this.#times.findLast(span => span.node === name && span.toMs === null)
        if (open !== undefined) open.toMs = monotonicMs
      }),
    )
  }

  /** In seconds from the start of the load. @param startMs of the load, on performance.now() */
  spans(startMs: number): EmptySpan[] {
    const seconds = (ms: number): number => (ms - startMs) / 1000
    return this.#times.map(({node, fromMs, toMs}) => ({
      node,
      from: seconds(fromMs),
      to: toMs === null ? null : seconds(toMs),
    }))
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }
}
