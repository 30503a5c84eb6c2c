import type {Absence, Finding} from './ledger-verdict.js'
import type {NodeRemovals} from './node-removals.js'

/** Why what is missing is missing, as far as the nodes' counts tell. */
type Explanation =
  /** Nothing is missing, or more is missing than the nodes have evicted. */
  | 'fault'
  /** As much was evicted. */
  | 'evicted'
  /** Evicted or lost: the nodes' counts are not complete, or too small for all that is missing. */
  | 'undecided'

/** What became of the findings in which something is missing. */
export interface ExplainedAbsences {
  /** In the order of the findings. */
  readonly explanations: readonly Explanation[]
  /** Keys and versions of the undecided ones that were lost for certain: nodes evicted too few for them. */
  readonly certainlyLost: {readonly keys: number; readonly versions: number}
}

/**
 * An evicted item is missing like a lost one, and no node says which it
 * evicted: they only count. What is missing on one node was evicted there;
 * what is missing on both, on either, because a node tells its peer of its
 * evictions. Where nodes evicted less than is missing, the rest is lost, but
 * nobody can say which.
 */
export function explainAbsences(findings: readonly Finding[], removals: readonly NodeRemovals[]): ExplainedAbsences {
  const [a, b = {evictions: 0, isCertain: true}] = removals
  const isCertain = (a?.isCertain ?? false) && b.isCertain
  const leftA = {evictions: a?.evictions ?? 0}
  const leftB = {evictions: b.evictions}
  const explained = new Map<Absence, Explanation>([['none', 'fault']])
  const certainlyLost = {keys: 0, versions: 0}
  // What is missing on one node only can have one reason; the rest may be shared out.
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
