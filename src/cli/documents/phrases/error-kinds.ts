import {OTHER_KINDS} from '../../../engine/measure/accounts.js'

interface ErrorKinds {
  /** The most frequent first. */
  readonly named: readonly (readonly [kind: string, count: number])[]
  /** How often all other kinds came. */
  readonly others: number
}

/** So many kinds of errors, and the others together. */
export function mostFrequent(counts: Readonly<Record<string, number>>, max: number): ErrorKinds {
  const kinds = Object.entries(counts)
    .filter(([kind]) => kind !== OTHER_KINDS)
    .toSorted(([, a], [, b]) => b - a)
  const left = kinds.slice(max).reduce((sum, [, count]) => sum + count, 0)
  return {named: kinds.slice(0, max), others: left + (counts[OTHER_KINDS] ?? 0)}
}
