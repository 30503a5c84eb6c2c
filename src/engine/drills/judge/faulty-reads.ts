import {type Address, formatAddress} from '../../../protocol/address.js'
import type {RunResult} from '../../result/run-result.js'
import type {SoakFault} from '../contract/drill.js'

type Spell = NonNullable<RunResult['verification']>['spells'][number]

/** A spell of wrong reads of a drill, and what had happened to the node that gave them. */
export interface FaultyReads extends Spell {
  /** Null when no node of the pair has that address. */
  readonly node: string | null
  /** Number and name of the soak's fault before; null without one. */
  readonly fault: number | null
  readonly faultName: string | null
  /** Since when the node had served clients without a full sync, in seconds from the start of the load; null when it had not. */
  readonly emptySince: number | null
}

/** A restarted node served clients without a full sync and without a link. */
export interface EmptySpan {
  readonly node: string
  /** Seconds from the start of the load. */
  readonly from: number
  /** When it was linked again, or died; null = never. */
  readonly to: number | null
}

/** Names the nodes that gave wrong answers, and what had happened to them. */
export function describeFaultyReads(facts: {
  readonly verification: RunResult['verification']
  readonly nodes: readonly {readonly name: string; readonly address: Address}[]
  readonly faults: readonly SoakFault[]
  readonly emptySpans: readonly EmptySpan[]
}): FaultyReads[] {
  const {verification, nodes, faults, emptySpans} = facts
  return (verification?.spells ?? []).map(spell => {
    const node = nodes.find(({address}) => formatAddress(address) === spell.server)?.name ?? null
    const fault = faults.findLast(({t}) => t <= spell.from)
    const empty = emptySpans.find(
      ({node: name, from, to}) => name === node && from <= spell.from && spell.from <= (to ?? Number.POSITIVE_INFINITY),
    )
    return {
      ...spell,
      node,
      fault: fault?.number ?? null,
      faultName: fault?.fault ?? null,
      emptySince: empty?.from ?? null,
    }
  })
}
