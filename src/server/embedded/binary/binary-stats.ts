import type {NodeContext} from '../node/node-context.js'
import {resetStats, statsNamed} from '../stats/general-stats.js'
import type {StatLine} from '../stats/stat-line.js'

/**
 * What binary's stat answers to a name, or null when it does not know it. Like
 * memcached it looks at the begin of some names only.
 */
export function binaryStats(context: NodeContext, name: string): readonly StatLine[] | null {
  if (name.startsWith('reset')) {
    resetStats(context)
    return []
  }
  if (name.startsWith('settings')) return statsNamed(context, 'settings')
  if (name.startsWith('detail')) return detailStats(context, name.slice('detail'.length))
  return statsNamed(context, name)
}

function detailStats({prefixes}: NodeContext, action: string): readonly StatLine[] | null {
  if (action.startsWith(' dump')) return [['detailed', prefixes.dump()]]
  if (!action.startsWith(' on') && !action.startsWith(' off')) return null
  prefixes.enabled = action.startsWith(' on')
  return []
}
