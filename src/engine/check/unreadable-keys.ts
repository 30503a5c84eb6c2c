import type {Difference} from './items/compare-items.js'
import type {KeyList, ListExtent} from './items/list-keys.js'

interface Listed {
  readonly keys: KeyList
  readonly extent: ListExtent
}

/** What two nodes' lists tell of keys under which nothing can be read. */
export function compareUnreadable(
  keys: readonly string[],
  [a, b]: readonly [Listed, Listed],
): {differences: Difference[]; unread: string[]} {
  const differences: Difference[] = []
  const unread: string[] = []
  for (const key of keys) {
    const isOnA = a.keys.has(key)
    const isOnB = b.keys.has(key)
    if (isOnA && !isOnB && b.extent === 'all') differences.push({key, kind: 'missingOnB', text: 'only A lists it'})
    else if (isOnB && !isOnA && a.extent === 'all') differences.push({key, kind: 'missingOnA', text: 'only B lists it'})
    else unread.push(key)
  }
  return {differences, unread}
}
