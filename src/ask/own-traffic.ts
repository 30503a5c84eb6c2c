import type {AskObserver} from './question.js'

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

function countsBy(each: (what: keyof OwnCounts) => number): OwnCounts {
  return {
    gets: each('gets'),
    hits: each('hits'),
    misses: each('misses'),
    sets: each('sets'),
    deletes: each('deletes'),
    bytesRead: each('bytesRead'),
    bytesWritten: each('bytesWritten'),
    underWay: each('underWay'),
  }
}

export const noTraffic: OwnCounts = countsBy(() => 0)

export function sumOfCounts(a: OwnCounts, b: OwnCounts): OwnCounts {
  return countsBy(what => a[what] + b[what])
}

export function differenceOfCounts(a: OwnCounts, b: OwnCounts): OwnCounts {
  return countsBy(what => a[what] - b[what])
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

  /** Counts what goes over a connection; what the commands are, whoever sends them counts. */
  readonly observer: AskObserver = {
    connected: () => this.count('connections'),
    disconnected: () => this.count('connections', -1),
    asked: requestBytes => this.asked(requestBytes),
    received: bytes => this.count('bytesWritten', bytes),
    settled: () => this.count('underWay', -1),
  }

  /** A get, and whether it hit. */
  countGet(hit: boolean): void {
    this.count('gets')
    this.count(hit ? 'hits' : 'misses')
  }

  /** A request is on its way. */
  asked(requestBytes: number): void {
    this.count('underWay')
    this.count('bytesRead', requestBytes)
  }

  /** The reply to a request is there; what it was is to be counted before. */
  answered(replyBytes: number): void {
    this.count('bytesWritten', replyBytes)
    this.count('underWay', -1)
  }

  /** There will be no reply to a request. */
  notAnswered(): void {
    this.count('underWay', -1)
  }

  /** Whoever waited for answers is gone. */
  forgetUnderWay(): void {
    Atomics.store(this.#cells, cellOf.underWay, 0n)
  }

  counts(): OwnCounts {
    return countsBy(what => this.#read(what))
  }

  #read(what: keyof typeof cellOf): number {
    return Number(Atomics.load(this.#cells, cellOf[what]))
  }
}
