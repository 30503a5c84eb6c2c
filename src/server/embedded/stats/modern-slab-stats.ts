import type {NodeContext} from '../node/node-context.js'
import {removalFigures, slabStats} from './slab-stats.js'
import type {StatLine} from './stat-line.js'

/** `stats items` by the names of memcached 1.6 without its LRU maintainer: each slab class that has any. */
export function modernItemStats({store, clock}: NodeContext): readonly StatLine[] {
  const {itemCounters, lru} = store
  return store.classes.flatMap(({id}): readonly StatLine[] => {
    const oldest = lru.oldest(id)
    if (oldest === 0) return []
    const name = (stat: string) => `items:${id}:${stat}`
    return [
      [name('number'), lru.count(id)],
      [name('age'), clock.nowSeconds - store.columns.usedAt[oldest]!],
      [name('mem_requested'), store.requestedBytes[id]!],
      ...removalFigures(store, id),
      [name('crawler_reclaimed'), itemCounters.crawlerReclaimed[id]!],
      [name('crawler_items_checked'), itemCounters.crawlerItemsChecked[id]!],
      [name('lrutail_reflocked'), 0],
    ]
  })
}

/** `stats slabs` by the names of memcached 1.6, which counts chunks that were never used with the free ones. */
export function modernSlabStats(context: NodeContext): readonly StatLine[] {
  const lines = slabStats(context).flatMap(([name, value]): readonly StatLine[] => {
    const [id, stat] = name.split(':')
    switch (stat) {
      case 'free_chunks':
        return [[name, context.store.slabs.freeChunks(Number(id))]]
      case 'free_chunks_end':
        return [[name, 0]]
      case 'mem_requested':
        return []
      default:
        return [[name, value]]
    }
  })
  const {all} = context.store.slabs.pageCounts
  return lines.map(line => (line[0] === 'total_malloced' ? [line[0], all * context.settings.itemMaxBytes] : line))
}

/** `stats sizes`, which memcached 1.6 keeps only where it was told to. */
export function modernSizeStats(): readonly StatLine[] {
  return [['sizes_status', 'disabled']]
}
