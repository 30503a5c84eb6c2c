import {quoted} from '../../protocol/printable.js'

/** Known names similar to a mistyped one, nearest first; empty when none is similar. */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const limit = Math.max(2, Math.floor(name.length / 3))
  return known
    .map(candidate => ({candidate, distance: editDistance(name, candidate)}))
    .filter(({candidate, distance}) => distance <= limit || candidate.startsWith(name))
    .sort((a, b) => a.distance - b.distance)
    .map(({candidate}) => candidate)
}

/** Message about an unknown name: `Expected a profile (smoke, seed), got 'sead' (did you mean seed?)`. */
export function describeUnknown({what, name, known}: {what: string; name: string; known: readonly string[]}): string {
  const [nearest] = nearestNames(name, known)
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`
  return `Expected ${what} (${known.join(', ')}), got '${quoted(name)}'${hint}`
}

/** Levenshtein distance: insertions, deletions and replacements that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({length: to.length + 1}, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
