import type {NodeContext} from '../node/node-context.js'
import type {Clock} from '../store/clock.js'
import {ITEM_STEP} from '../store/memory/item-columns.js'
import type {Store} from '../store/store.js'
import type {StatLine} from './stat-line.js'

/** `stats sizes` counts items in steps of so many bytes, up to so many steps. */
const SIZE_STEP_BYTES = 32
const SIZE_STEPS = 32_768

/** memcached's longest reply to `stats cachedump`. */
const CACHEDUMP_MAX_BYTES = 2 * 1024 * 1024

/** `stats items`: each slab class with items. */
export function itemStats({store, clock}: NodeContext): readonly StatLine[] {
  const {lru} = store
  return store.classes.flatMap(({id}): readonly StatLine[] => {
    const oldest = lru.oldest(id)
    if (oldest === 0) return []
    const name = (stat: string) => `items:${id}:${stat}`
    return [
      [name('number'), lru.count(id)],
      [name('age'), clock.nowSeconds - store.columns.usedAt[oldest]!],
      ...removalFigures(store, id),
    ]
  })
}

/** Evicted and reclaimed items of a class, with the names that 1.4.13 and 1.6 share. */
export function removalFigures({itemCounters}: Store, id: number): readonly StatLine[] {
  const name = (stat: string) => `items:${id}:${stat}`
  return [
    [name('evicted'), itemCounters.evicted[id]!],
    [name('evicted_nonzero'), itemCounters.evictedNonzero[id]!],
    [name('evicted_time'), itemCounters.evictedTime[id]!],
    [name('outofmemory'), itemCounters.outOfMemory[id]!],
    // Items that memcached frees because they were locked for hours; nothing locks items here.
    [name('tailrepairs'), 0],
    [name('reclaimed'), itemCounters.reclaimed[id]!],
    [name('expired_unfetched'), itemCounters.expiredUnfetched[id]!],
    [name('evicted_unfetched'), itemCounters.evictedUnfetched[id]!],
  ]
}

/** `stats slabs`: each slab class with pages, then the totals. */
export function slabStats({store, counters}: NodeContext): readonly StatLine[] {
  const active = store.classes.filter(({id}) => store.slabs.use(id).pages.length > 0)
  const lines = active.flatMap(({id, chunkBytes, chunksPerPage}): readonly StatLine[] => {
    const {pages, used, freshItem, freshEnd} = store.slabs.use(id)
    const freeAtEnd = (freshEnd - freshItem) / ITEM_STEP
    const chunks = pages.length * chunksPerPage
    const {slabs} = counters
    const name = (stat: string) => `${id}:${stat}`
    return [
      [name('chunk_size'), chunkBytes],
      [name('chunks_per_page'), chunksPerPage],
      [name('total_pages'), pages.length],
      [name('total_chunks'), chunks],
      [name('used_chunks'), used],
      [name('free_chunks'), chunks - used - freeAtEnd],
      [name('free_chunks_end'), freeAtEnd],
      [name('mem_requested'), store.requestedBytes[id]!],
      [name('get_hits'), slabs.getHits[id]!],
      [name('cmd_set'), slabs.cmdSet[id]!],
      [name('delete_hits'), slabs.deleteHits[id]!],
      [name('incr_hits'), slabs.incrHits[id]!],
      [name('decr_hits'), slabs.decrHits[id]!],
      [name('cas_hits'), slabs.casHits[id]!],
      [name('cas_badval'), slabs.casBadval[id]!],
      [name('touch_hits'), slabs.touchHits[id]!],
    ]
  })
  const bytes = active.map(
    ({id, chunkBytes, chunksPerPage}) => store.slabs.use(id).pages.length * chunkBytes * chunksPerPage,
  )
  return [...lines, ['active_slabs', active.length], ['total_malloced', bytes.reduce((sum, size) => sum + size, 0)]]
}

/** `stats sizes`: number of items of each size, rounded up to 32 bytes. */
export function sizeStats({store}: NodeContext): readonly StatLine[] {
  const steps = new Uint32Array(SIZE_STEPS)
  for (let item = ITEM_STEP; item < store.slabs.itemsEnd; item += ITEM_STEP) {
    if (!store.isLinked(item)) continue
    const step = Math.ceil(store.chargedBytesOf(item) / SIZE_STEP_BYTES)
    if (step < SIZE_STEPS) steps[step]!++
  }
  const lines: StatLine[] = []
  steps.forEach((items, step) => {
    if (items > 0) lines.push([String(step * SIZE_STEP_BYTES), items])
  })
  return lines
}

/** `stats cachedump <class> <limit>`: keys, most recently used first; limit 0 = all. */
export function cachedump({store, clock}: NodeContext, classId: number, limit: number): string {
  const {columns} = store
  const lines: string[] = []
  let bytes = 'END\r\n'.length
  let item = classId > 0 && classId <= store.classes.length ? store.lru.newest(classId) : 0
  while (item !== 0 && (limit === 0 || lines.length < limit)) {
    const start = store.offsetOf(item)
    const key = store.bytesOf(item).toString('latin1', start, start + columns.keyBytesOf(item))
    const line = `ITEM ${key} [${columns.valueBytes[item]} b; ${shownExptime(clock, columns.exptime[item]!)} s]\r\n`
    bytes += line.length
    if (bytes >= CACHEDUMP_MAX_BYTES) break
    lines.push(line)
    item = columns.lruOlder[item]!
  }
  return `${lines.join('')}END\r\n`
}

/** memcached 1.4.13 shows its own start where there is no exptime, and takes that for 2 s earlier than it was. */
function shownExptime({startedAtSeconds}: Clock, exptime: number): number {
  return exptime === 0 ? startedAtSeconds - 2 : Math.max(exptime, startedAtSeconds - 1)
}
