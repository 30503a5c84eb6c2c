/** What repbench itself did to a node by watching it; the same names as a node's counters. */
export interface OwnCounts {
  readonly gets: number
  readonly hits: number
  readonly misses: number
  readonly sets: number
  readonly deletes: number
  /** Bytes that the node has read from us. */
  readonly bytesRead: number
  /** Bytes that the node has written to us. */
  readonly bytesWritten: number
  /** Requests that it has not answered yet: whether it has counted them, nobody knows. */
  readonly underWay: number
}

export const noTraffic: OwnCounts = {
  gets: 0,
  hits: 0,
  misses: 0,
  sets: 0,
  deletes: 0,
  bytesRead: 0,
  bytesWritten: 0,
  underWay: 0,
}

export function sumOfCounts(a: OwnCounts, b: OwnCounts): OwnCounts {
  return combine(a, b, (one, other) => one + other)
}

export function differenceOfCounts(a: OwnCounts, b: OwnCounts): OwnCounts {
  return combine(a, b, (one, other) => one - other)
}

function combine(a: OwnCounts, b: OwnCounts, each: (one: number, other: number) => number): OwnCounts {
  return {
    gets: each(a.gets, b.gets),
    hits: each(a.hits, b.hits),
    misses: each(a.misses, b.misses),
    sets: each(a.sets, b.sets),
    deletes: each(a.deletes, b.deletes),
    bytesRead: each(a.bytesRead, b.bytesRead),
    bytesWritten: each(a.bytesWritten, b.bytesWritten),
    underWay: each(a.underWay, b.underWay),
  }
}

const cellOf = {
  connections: 0,
  gets: 1,
  hits: 2,
  misses: 3,
  sets: 4,
  deletes: 5,
  bytesRead: 6,
  bytesWritten: 7,
  underWay: 8,
} as const

/**
 * Counts our own connections and commands, so that they can be taken out of a node's figures. In memory that threads
 * share: a count that came by message would be late, and stand in the figures meanwhile.
 */
export class OwnTraffic {
  /** Makes the same counter in another thread. */
  readonly memory: SharedArrayBuffer
  readonly #cells: BigInt64Array

  constructor(memory = new SharedArrayBuffer(Object.keys(cellOf).length * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#cells = new BigInt64Array(memory)
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#read('connections')
  }

  count(what: keyof typeof cellOf, by = 1): void {
    Atomics.add(this.#cells, cellOf[what], BigInt(by))
  }

  /** A get, and whether it hit. */
  countGet(hit: boolean): void {
    this.count('gets')
    this.count(hit ? 'hits' : 'misses')
  }

  /** Whoever waited for answers is gone. */
  forgetUnderWay(): void {
    Atomics.store(this.#cells, cellOf.underWay, 0n)
  }

  counts(): OwnCounts {
    return {
      gets: this.#read('gets'),
      hits: this.#read('hits'),
      misses: this.#read('misses'),
      sets: this.#read('sets'),
      deletes: this.#read('deletes'),
      bytesRead: this.#read('bytesRead'),
      bytesWritten: this.#read('bytesWritten'),
      underWay: this.#read('underWay'),
    }
  }

  #read(what: keyof typeof cellOf): number {
    return Number(Atomics.load(this.#cells, cellOf[what]))
  }
}
