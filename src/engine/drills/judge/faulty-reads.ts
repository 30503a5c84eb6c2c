import {type Address, formatAddress} from '../../../protocol/address.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {RunResult} from '../../result/run-result.js'
import type {SoakFault} from '../contract/drill.js'

type Spell = NonNullable<RunResult['verification']>['spells'][number]

/** Reads of a drill that were wrong in the same way soon after each other, and what happened then. */
export interface FaultyReads extends Spell {
  /** Null where no node of the pair has that address. */
  readonly node: string | null
  /** Of a drill of many: the number and the name of the fault before. */
  readonly fault: number | null
  readonly faultName: string | null
  /** The node had opened to clients without a full copy, and had no link yet: since when, in seconds from the start of the load. */
  readonly emptySince: number | null
}

interface EmptySpan {
  readonly node: string
  readonly fromMs: number
  /** When it had a link again, or died; null = never. */
  toMs: number | null
}

type WatchedNode = Pick<ClusterNode, 'onEvent' | 'name'>

/** Keeps when nodes that were started anew served clients without a full copy from their peer, as their logs tell. */
export class EmptyWatch {
  readonly #spans: EmptySpan[] = []
  /** Nodes that were started and have had no link since. */
  readonly #unlinked = new Set<string>()
  readonly #unsubscribe: readonly (() => void)[]

  constructor(nodes: readonly WatchedNode[]) {
    this.#unsubscribe = nodes.map(node =>
      node.onEvent(({kind, node: name, monotonicMs}) => {
        if (kind === 'started') this.#unlinked.add(name)
        if (kind === 'ready' && this.#unlinked.has(name)) {
          this.#spans.push({node: name, fromMs: monotonicMs, toMs: null})
        }
        if (kind !== 'linkUp' && kind !== 'killed' && kind !== 'stopped' && kind !== 'crashed') return
        this.#unlinked.delete(name)
        const open = this.#spans.findLast(span => span.node === name && span.toMs === null)
        if (open !== undefined) open.toMs = monotonicMs
      }),
    )
  }

  /** Since when the node had been open without a copy at a moment of performance.now(); null when it was not. */
  since(node: string, atMs: number): number | null {
    const span = this.#spans.find(
      ({node: name, fromMs, toMs}) => name === node && fromMs <= atMs && atMs <= (toMs ?? Number.POSITIVE_INFINITY),
    )
    return span?.fromMs ?? null
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }
}

/** Names the nodes that gave wrong answers, and what had happened to them. @param startMs of the load */
export function describeFaultyReads(facts: {
  readonly verification: RunResult['verification']
  readonly nodes: readonly {readonly name: string; readonly address: Address}[]
  readonly faults: readonly SoakFault[]
  readonly empty: Pick<EmptyWatch, 'since'>
  readonly startMs: number
}): FaultyReads[] {
  const {verification, nodes, faults, empty, startMs} = facts
  return (verification?.spells ?? []).map(spell => {
    const node = nodes.find(({address}) => formatAddress(address) === spell.server)?.name ?? null
    const fault = faults.findLast(({t}) => t <= spell.from)
    const sinceMs = node === null ? null : empty.since(node, startMs + spell.from * 1000)
    return {
      ...spell,
      node,
      fault: fault?.number ?? null,
      faultName: fault?.fault ?? null,
      emptySince: sinceMs === null ? null : (sinceMs - startMs) / 1000,
    }
  })
}
