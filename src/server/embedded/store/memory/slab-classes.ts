/**
 * memcached's bookkeeping bytes per item: header 48, cas 8, the key's NUL. Ours
 * lies in typed arrays elsewhere, but items are charged as in memcached, so that
 * their slab classes, `stats slabs` and evictions are the same.
 */
export const ITEM_BYTES = 57
/** The same under `-C`. */
export const ITEM_BYTES_WITHOUT_CAS = 49
const ITEM_HEADER_BYTES = 48

const DEFAULT_SMALLEST_ITEM_BYTES = 48
const DEFAULT_GROWTH_FACTOR = 1.25
const ALIGNMENT = 8
const MAX_CLASSES = 200

export interface SlabClass {
  /** 1, 2, 3 … as in `stats slabs`. */
  readonly id: number
  /** What memcached calls chunk_size. */
  readonly chunkBytes: number
  /** Bytes of a chunk in our pages: without the bookkeeping, which lies elsewhere. */
  readonly strideBytes: number
  readonly chunksPerPage: number
}

/** Bytes of key, suffix (` flags length\r\n`), value and its CRLF. */
export function storedBytes(keyBytes: number, suffixBytes: number, valueBytes: number): number {
  return keyBytes + suffixBytes + valueBytes + 2
}

/**
 * memcached's slab classes: chunk sizes grow from header + `smallestItemBytes` by
 * the growth factor, aligned to 8; a page of the last class holds one item.
 */
export function slabClasses(
  pageBytes: number,
  {
    growthFactor = DEFAULT_GROWTH_FACTOR,
    smallestItemBytes = DEFAULT_SMALLEST_ITEM_BYTES,
    overheadBytes = ITEM_BYTES,
  }: {
    growthFactor?: number | undefined
    smallestItemBytes?: number | undefined
    /** Bytes charged per item in addition to what is stored. */
    overheadBytes?: number
  } = {},
): readonly SlabClass[] {
  const classes: SlabClass[] = []
  let chunkBytes = ITEM_HEADER_BYTES + smallestItemBytes
  while (classes.length < MAX_CLASSES - 1 && chunkBytes <= pageBytes / growthFactor) {
    chunkBytes = align(chunkBytes)
    classes.push(slabClass({id: classes.length + 1, chunkBytes, pageBytes, overheadBytes}))
    chunkBytes = Math.floor(chunkBytes * growthFactor)
  }
  classes.push(slabClass({id: classes.length + 1, chunkBytes: pageBytes, pageBytes, overheadBytes}))
  return classes
}

function slabClass({
  id,
  chunkBytes,
  pageBytes,
  overheadBytes,
}: {
  id: number
  chunkBytes: number
  pageBytes: number
  overheadBytes: number
}): SlabClass {
  // With a small -n the first chunks are too small for any item; they take memory all the same.
  const strideBytes = Math.max(ALIGNMENT, align(chunkBytes - overheadBytes))
  return {id, chunkBytes, strideBytes, chunksPerPage: Math.floor(pageBytes / chunkBytes)}
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}

/** Table from a size in units of 8 bytes to the smallest class that fits. */
export function classTable(classes: readonly SlabClass[]): Uint8Array {
  const largest = classes.at(-1)!.chunkBytes
  const table = new Uint8Array(Math.ceil(largest / 8) + 1)
  let index = 0
  for (let units = 0; units < table.length; units++) {
    while (index < classes.length - 1 && classes[index]!.chunkBytes < units * 8) index++
    table[units] = classes[index]!.id
  }
  return table
}
