/**
 * memcached's per-item bookkeeping in bytes (item header 48, cas 8, the key's
 * NUL). Ours stands in typed-array columns, but it is charged to `-m` and decides
 * the slab class, so that `stats slabs` and evictions are those operators know.
 */
const CHARGED_BYTES = 57

/** memcached's smallest chunk: header 48 + `-n` default 48. */
const SMALLEST_CHUNK_BYTES = 96
const GROWTH_FACTOR = 1.25
const ALIGNMENT = 8
const MAX_CLASSES = 200

export interface SlabClass {
  /** 1, 2, 3 … as in `stats slabs`. */
  readonly id: number
  /** What memcached calls chunk_size. */
  readonly chunkBytes: number
  /** What a chunk takes in our pages: the charged bookkeeping lies elsewhere. */
  readonly strideBytes: number
  readonly chunksPerPage: number
}

/** Key, suffix (` flags length\r\n`), value and its CRLF. */
export function storedBytes(keyBytes: number, suffixBytes: number, valueBytes: number): number {
  return keyBytes + suffixBytes + valueBytes + 2
}

/** What an item weighs by memcached's reckoning, in bytes. */
export function chargedBytes(stored: number): number {
  return stored + CHARGED_BYTES
}

/** memcached's size classes: from 96 bytes up by the factor 1.25, aligned to 8; the last holds one item a page. */
export function slabClasses(pageBytes: number): readonly SlabClass[] {
  const classes: SlabClass[] = []
  let chunkBytes = SMALLEST_CHUNK_BYTES
  while (classes.length < MAX_CLASSES - 1 && chunkBytes <= pageBytes / GROWTH_FACTOR) {
    chunkBytes = align(chunkBytes)
    classes.push(slabClass(classes.length + 1, chunkBytes, pageBytes))
    chunkBytes = Math.floor(chunkBytes * GROWTH_FACTOR)
  }
  classes.push(slabClass(classes.length + 1, pageBytes, pageBytes))
  return classes
}

function slabClass(id: number, chunkBytes: number, pageBytes: number): SlabClass {
  const strideBytes = align(chunkBytes - CHARGED_BYTES)
  return {id, chunkBytes, strideBytes, chunksPerPage: Math.floor(pageBytes / chunkBytes)}
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}
