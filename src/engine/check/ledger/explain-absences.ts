import type {Absence, Finding} from './ledger-verdict.js'
import type {NodeRemovals} from './node-removals.js'

/** Why a key is missing, as far as the nodes' counts tell. */
type Explanation =
  /** Not evicted: nothing is missing, or the nodes evicted nothing. */
  | 'fault'
  /** The nodes evicted as many keys as are missing, or more. */
  | 'evicted'
  /** Evicted or lost: the nodes' counts are not complete, or smaller than what is missing. */
  | 'undecided'

/** Explanation of each finding. */
export interface ExplainedAbsences {
  /** In the order of the findings. */
  readonly explanations: readonly Explanation[]
  /** Keys and versions that are certainly lost among the undecided: the nodes evicted fewer than are missing. */
  readonly certainlyLost: {readonly keys: number; readonly versions: number}
}

/**
 * Tells evicted keys from lost ones. Both are missing, and nodes only count
 * their evictions. A key missing on one node can have been evicted there; a key
 * missing on both, on either, because evictions are replicated. When the nodes
 * evicted fewer than are missing, the rest is lost, but it is unknown which.
 */
export function explainAbsences(findings: readonly Finding[], removals: readonly NodeRemovals[]): ExplainedAbsences {
  const [a, b = {evictions: 0, isCertain: true}] = removals
  const isCertain = (a?.isCertain ?? false) && b.isCertain
  const leftA = {evictions: a?.evictions ?? 0}
  const leftB = {evictions: b.evictions}
  const explained = new Map<Absence, Explanation>([['none', 'fault']])
  const certainlyLost = {keys: 0, versions: 0}
  // First keys missing on one node: only its evictions explain them; the evictions left explain the others.
  const groups: readonly [Absence, readonly {evictions: number}[]][] = [
    ['A', [leftA]],
    ['B', [leftB]],
    ['both', [leftA, leftB]],
  ]
  for (const [absence, evictors] of groups) {
    const missing = findings.filter(finding => finding.absence === absence)
    const evicted = evictors.reduce((sum, {evictions}) => sum + evictions, 0)
    explained.set(absence, explain(missing.length, {evicted, isCertain}))
    let toTake = missing.length
    for (const evictor of evictors) {
      const taken = Math.min(toTake, evictor.evictions)
      evictor.evictions -= taken
      toTake -= taken
    }
    if (explained.get(absence) !== 'undecided' || !isCertain) continue
    const least = missing.map(({lostVersions}) => lostVersions).toSorted((x, y) => x - y)
    certainlyLost.keys += toTake
    certainlyLost.versions += least.slice(0, toTake).reduce((sum, versions) => sum + versions, 0)
  }
  return {explanations: findings.map(({absence}) => explained.get(absence)!), certainlyLost}
}

function explain(missing: number, {evicted, isCertain}: {evicted: number; isCertain: boolean}): Explanation {
  if (missing <= evicted) return 'evicted'
  return evicted === 0 && isCertain ? 'fault' : 'undecided'
}
