import type {SlabClass} from '../../../server/stats/slab-classes.js'

/** The slab classes of a node, as memcached-tool prints them. */
export function formatSlabTable(classes: readonly SlabClass[]): string[] {
  return [
    '  #  Item_Size  Max_age   Pages   Count   Full?  Evicted Evict_Time OOM',
    ...classes.map(slab =>
      [
        String(slab.id).padStart(3),
        formatChunk(slab.chunkBytes).padStart(8),
        `${slab.maxAgeSeconds}s`.padStart(10),
        String(slab.pages).padStart(7),
        String(slab.items).padStart(7),
        (slab.usedChunks === slab.totalChunks ? 'yes' : ' no').padStart(7),
        String(slab.evicted).padStart(8),
        String(slab.evictedTimeSeconds).padStart(8),
        String(slab.outOfMemory).padStart(4),
      ].join(' '),
    ),
  ]
}

function formatChunk(bytes: number): string {
  return bytes < 1024 ? `${bytes}B` : `${(bytes / 1024).toFixed(1)}K`
}
