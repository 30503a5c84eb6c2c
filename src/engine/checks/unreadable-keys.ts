import type {Difference} from './compare-items.js'
import type {KeyList, ListExtent} from './list-keys.js'

interface Listed {
  readonly keys: KeyList
  readonly extent: ListExtent
}

/** What two nodes' lists tell of keys that no text command can name, so that nothing can be read under them. */
export function compareUnreadable(
  keys: readonly string[],
  [a, b]: readonly [Listed, Listed],
): {differences: Difference[]; unread: number} {
  const differences: Difference[] = []
  for (const key of keys) {
    const isOnA = a.keys.has(key)
    const isOnB = b.keys.has(key)
    if (isOnA && !isOnB && b.extent === 'all') differences.push({key, kind: 'missingOnB', text: 'only A lists it'})
    if (isOnB && !isOnA && a.extent === 'all') differences.push({key, kind: 'missingOnA', text: 'only B lists it'})
  }
  return {differences, unread: keys.length - differences.length}
}
