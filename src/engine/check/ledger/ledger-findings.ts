import {formatKey} from '../../data/key-text.js'
import {describeExptime} from '../items/compare-items.js'
import {type FindingKind, findingKinds, type Held, type KeyRecord, type WrongKey} from './ledger-verdict.js'

/** Faults, and two that only look like one: `evicted`, and `undecided` (evicted or lost). */
export type NamedFindingKind = FindingKind | 'evicted' | 'undecided'

/** A wrong key, in words. */
export interface NamedFinding {
  readonly key: string
  readonly kind: NamedFindingKind
  readonly text: string
}

/** From lost data to what only differs in its exptime. */
export const worstFindingsFirst: readonly NamedFindingKind[] = [
  'lost',
  'corrupt',
  'foreign',
  'phantom',
  'resurrected',
  'diverged',
  'staleOnA',
  'staleOnB',
  'missingOnA',
  'missingOnB',
  'undecided',
  'otherFlags',
  'otherExptime',
  'evicted',
]

interface FindingFacts {
  readonly wrong: WrongKey
  readonly kind: NamedFindingKind
  readonly record: Pick<KeyRecord, 'acknowledged' | 'sent'>
  readonly keyPrefix: string
  /** Names of the nodes. */
  readonly nodes: readonly string[]
  /** Of a key with different exptimes. */
  readonly exptimes?: readonly [number, number] | undefined
}

/** Says in words what is wrong with a key. */
export function nameFinding({wrong, kind, record, keyPrefix, nodes, exptimes}: FindingFacts): NamedFinding {
  const {key, held} = wrong
  const {acknowledged, sent} = record
  const found = held.map((one, index) => `${nodes[index]} ${describeHeld(one)}`)
  const expiry = exptimes?.map((one, index) => `${nodes[index]} says that it ${describeExptime(one)}`)
  const text = `acknowledged version ${acknowledged} of ${sent} sent; ${(expiry ?? found).join(', ')}`
  return {key: formatKey(keyPrefix, key), kind, text}
}

function describeHeld({kind, version, flags}: Held): string {
  switch (kind) {
    case 'absent':
      return 'has nothing'
    case 'ours':
      return `has version ${version}${flags === 0 ? '' : ` with flags ${flags}`}`
    case 'foreign':
      return 'has a value of another key or run'
    case 'corrupt':
      return 'has a corrupt value'
  }
}

export function countFindings(kinds: Iterable<NamedFindingKind>): Record<FindingKind, number> {
  const counts = Object.fromEntries(findingKinds.map(kind => [kind, 0])) as Record<NamedFindingKind, number>
  for (const kind of kinds) if (kind !== 'evicted' && kind !== 'undecided') counts[kind]++
  return counts
}
