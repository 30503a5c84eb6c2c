import {toPrintable} from '../../protocol/printable.js'

/** How two keys' holders part: what one has and the other lacks, or holds otherwise. */
type PartedKind = 'onlyOnFirst' | 'onlyOnSecond' | 'different'

/** Of a pair whose link is well: the nodes do not hold the same. */
export interface Parting {
  /** `the nodes part: 52 and 2 items` */
  readonly text: string
  /** What was looked at, and what was found. */
  readonly detail: string
  /** `curr_items` of the first node and of the second; null where one does not say. */
  readonly items: readonly [number | null, number | null]
  /** Keys that were read on both nodes. */
  readonly looked: number
  readonly found: Readonly<Record<PartedKind, number>>
  /** A few of the keys, for people. */
  readonly examples: readonly string[]
  /** Wall clock, ms since the epoch. */
  readonly sinceMs: number
}

export interface PartedKey {
  /** Bytes: latin1. */
  readonly key: string
  readonly kind: PartedKind
}

interface PartingParts {
  readonly names: readonly [string, string]
  readonly items: Parting['items']
  readonly looked: number
  readonly parted: readonly PartedKey[]
  readonly sinceMs: number
}

const EXAMPLES = 3

/** What makes the nodes of a healthy link part, and what says more. */
export const partingCauses =
  'usual causes: writes by the binary protocol on repcached, a smaller or full node, a clock that is off'

export function describeParting({names, items, looked, parted, sinceMs}: PartingParts): Parting {
  const count = (kind: PartedKind) => parted.filter(one => one.kind === kind).length
  const found = {
    onlyOnFirst: count('onlyOnFirst'),
    onlyOnSecond: count('onlyOnSecond'),
    different: count('different'),
  }
  const examples = parted.slice(0, EXAMPLES).map(({key}) => toPrintable(Buffer.from(key, 'latin1')))
  const [first, second] = items.map(number => (number === null ? 'unknown' : number.toLocaleString('en-US')))
  const parts = [
    ...(found.onlyOnFirst > 0 ? [`${found.onlyOnFirst} are on ${names[0]} only`] : []),
    ...(found.onlyOnSecond > 0 ? [`${found.onlyOnSecond} are on ${names[1]} only`] : []),
    ...(found.different > 0 ? [`${found.different} differ`] : []),
  ]
  return {
    text: `the nodes part: ${first} and ${second} items`,
    detail: `of ${looked} keys looked at ${parts.join(', ')} (such as ${examples.join(', ')})`,
    items,
    looked,
    found,
    examples,
    sinceMs,
  }
}
