import {numberOf, type StatsReply} from '../../protocol/text/stats-reply.js'

/** One slab class that has pages. */
export interface SlabClass {
  readonly id: number
  /** Bytes of a chunk: the largest item, with its header, that fits. */
  readonly chunkBytes: number
  readonly pages: number
  readonly items: number
  readonly usedChunks: number
  readonly totalChunks: number
  /** Age of the oldest item. */
  readonly maxAgeSeconds: number
  readonly evicted: number
  /** How long ago the newest evicted item was last used. */
  readonly evictedTimeSeconds: number
  readonly outOfMemory: number
}

/** Joins `stats items` and `stats slabs`, in the order of the classes. */
export function slabClassesOf({items, slabs}: {items: StatsReply; slabs: StatsReply}): SlabClass[] {
  const ids = [...slabs.keys()].flatMap(name => {
    const id = /^(\d+):total_pages$/.exec(name)?.[1]
    return id === undefined ? [] : [Number(id)]
  })
  return ids
    .map(id => slabClassOf(id, {items, slabs}))
    .filter(({pages}) => pages > 0)
    .toSorted((a, b) => a.id - b.id)
}

function slabClassOf(id: number, {items, slabs}: {items: StatsReply; slabs: StatsReply}): SlabClass {
  // A class whose items are all gone stands in `stats slabs` only.
  const item = (name: string) => numberOf(items, `items:${id}:${name}`) ?? 0
  const slab = (name: string) => numberOf(slabs, `${id}:${name}`) ?? 0
  return {
    id,
    chunkBytes: slab('chunk_size'),
    pages: slab('total_pages'),
    items: item('number'),
    usedChunks: slab('used_chunks'),
    totalChunks: slab('total_chunks'),
    maxAgeSeconds: item('age'),
    evicted: item('evicted'),
    evictedTimeSeconds: item('evicted_time'),
    outOfMemory: item('outofmemory'),
  }
}
