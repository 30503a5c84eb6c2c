import type {NodeContext} from '../node/node-context.js'
import type {PersonalityName} from '../node/node-settings.js'
import {generalStats, settingsStats} from './general-stats.js'
import {
  connectionStats,
  modernGeneralStats,
  modernItemStats,
  modernSettingsStats,
  modernSizeStats,
  modernSlabStats,
} from './modern-stats.js'
import {itemStats, sizeStats, slabStats} from './slab-stats.js'
import type {StatLine} from './stat-line.js'

/** By the word after `stats`; '' = none. */
type StatsTable = ReadonlyMap<string, (context: NodeContext) => readonly StatLine[]>

const tables: Readonly<Record<PersonalityName, StatsTable>> = {
  '1.4': new Map([
    ['', generalStats],
    ['settings', settingsStats],
    ['items', itemStats],
    ['slabs', slabStats],
    ['sizes', sizeStats],
  ]),
  '1.6': new Map([
    ['', modernGeneralStats],
    ['settings', modernSettingsStats],
    ['items', modernItemStats],
    ['slabs', modernSlabStats],
    ['sizes', modernSizeStats],
    ['conns', connectionStats],
  ]),
}

/** `stats repbench`: figures that only the embedded node has. */
function repbenchStats({version, settings, counters, replicationStats}: NodeContext): readonly StatLine[] {
  const own: StatLine[] = [['version', version]]
  if (settings.replication === null) return own
  const figures = replicationStats()
  return [
    ...own,
    ['mode', figures.mode],
    ['link', figures.link],
    ['link_up', figures.link === 'paired' ? 1 : 0],
    ['role', figures.role],
    ['queue_limit', settings.replication.queueLimit],
    ['queue_depth', figures.queueDepth],
    ['queue_peak', figures.queuePeak],
    ['full_syncs', figures.fullSyncs],
    ['resyncs', figures.resyncs],
    ['last_full_sync_seconds', figures.lastFullSyncSeconds?.toFixed(3) ?? 'none'],
    ['last_full_sync_time', figures.lastFullSyncAt ?? 'none'],
    ['overflows', figures.overflows],
    ['unreplicated_changes', counters.unreplicatedChanges],
    ['peers_turned_away', figures.turnedAway],
  ]
}

/** The figures behind `stats [name]` and binary's stat; null for an unknown name. */
export function statsNamed(context: NodeContext, name: string): readonly StatLine[] | null {
  if (name === 'repbench') return repbenchStats(context)
  return tables[context.settings.like].get(name)?.(context) ?? null
}

/** `stats reset`: counters start again at 0; figures of the present stay. */
export function resetStats({counters, store, prefixes}: NodeContext): void {
  counters.reset()
  store.itemCounters.reset()
  store.counters.totalItems = 0
  store.counters.evictions = 0
  store.counters.reclaimed = 0
  prefixes.clear()
}
