import {type Address, formatAddress} from '../protocol/address.js'
import {assertNever} from '../protocol/errors.js'

/** What repbench itself did to a node by watching it; the names of the node's own counters. */
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
  /** Requests without an answer so far: the node may have counted them or not. */
  readonly underWay: number
}

/** Threads that ask nodes. Open connections and requests are counted for each: they end with it when it dies. */
export type AskingThread = 'main' | 'probes' | 'consoles'

const threads: readonly AskingThread[] = ['main', 'probes', 'consoles']
const sums = ['gets', 'hits', 'misses', 'sets', 'deletes', 'bytesRead', 'bytesWritten', 'connectionsMade'] as const
type Sum = (typeof sums)[number]
type Open = 'connections' | 'underWay'
const CELLS = sums.length + 2 * threads.length

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

export function differenceOfCounts(a: OwnCounts, b: OwnCounts): OwnCounts {
  return countsBy(what => a[what] - b[what])
}

export interface OwnTrafficOptions {
  /** Memory of the same counter in another thread. @default new memory */
  readonly memory?: SharedArrayBuffer
  /** The thread that counts here. @default main */
  readonly thread?: AskingThread
}

/**
 * Counts our own connections and commands to one node, so that its figures can be shown without them. In memory that
 * threads share: a count that came by message would be late. Given to AskConnection, which does the counting.
 */
export class OwnTraffic {
  /** Makes the same counter in another thread. */
  readonly memory: SharedArrayBuffer
  readonly #cells: BigInt64Array
  readonly #thread: AskingThread

  constructor({
    memory = new SharedArrayBuffer(CELLS * BigInt64Array.BYTES_PER_ELEMENT),
    thread = 'main',
  }: OwnTrafficOptions = {}) {
    this.memory = memory
    this.#cells = new BigInt64Array(memory)
    this.#thread = thread
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#open('connections')
  }

  /** Connections that were ever made. */
  get connectionsMade(): number {
    return this.#read(sums.indexOf('connectionsMade'))
  }

  counts(): OwnCounts {
    return countsBy(what => (what === 'underWay' ? this.#open(what) : this.#read(sums.indexOf(what))))
  }

  connected(): void {
    this.#count('connectionsMade', 1)
    this.#countOpen('connections', 1)
  }

  disconnected(): void {
    this.#countOpen('connections', -1)
  }

  /** A request leaves. */
  asked(requestBytes: number): void {
    this.#countOpen('underWay', 1)
    this.#count('bytesRead', requestBytes)
  }

  received(bytes: number): void {
    this.#count('bytesWritten', bytes)
  }

  /** A request was answered. @param hits keys of a get that were there */
  answered({command, keys}: CountedRequest, hits: number): void {
    switch (command) {
      case 'get':
        this.#count('gets', keys)
        this.#count('hits', hits)
        this.#count('misses', keys - hits)
        break
      case 'set':
        this.#count('sets', 1)
        break
      case 'delete':
        this.#count('deletes', 1)
        break
      case 'other':
        break
      default:
        assertNever(command)
    }
    this.#countOpen('underWay', -1)
  }

  /** A request will have no answer. */
  notAnswered(): void {
    this.#countOpen('underWay', -1)
  }

  /** A thread is gone, and what it had open with it. */
  forget(thread: AskingThread): void {
    for (const what of ['connections', 'underWay'] as const) Atomics.store(this.#cells, cellOf(what, thread), 0n)
  }

  #count(what: Sum, by: number): void {
    Atomics.add(this.#cells, sums.indexOf(what), BigInt(by))
  }

  #countOpen(what: Open, by: number): void {
    Atomics.add(this.#cells, cellOf(what, this.#thread), BigInt(by))
  }

  #open(what: Open): number {
    return threads.reduce((sum, thread) => sum + this.#read(cellOf(what, thread)), 0)
  }

  #read(cell: number): number {
    return Number(Atomics.load(this.#cells, cell))
  }
}

function cellOf(what: Open, thread: AskingThread): number {
  return sums.length + threads.indexOf(thread) + (what === 'connections' ? 0 : threads.length)
}

/** What a node counts of a request. */
export interface CountedRequest {
  readonly command: 'get' | 'set' | 'delete' | 'other'
  /** A get counts once for each of its keys. */
  readonly keys: number
}

/** Reads the first line of a request; text is latin1. */
export function countedRequest(request: string | Uint8Array): CountedRequest {
  const text = typeof request === 'string' ? request : Buffer.from(request).toString('latin1')
  const end = text.indexOf('\r')
  const [verb = '', ...words] = text.slice(0, end < 0 ? undefined : end).split(' ')
  switch (verb) {
    case 'get':
    case 'gets':
      return {command: 'get', keys: words.length}
    case 'set':
    case 'delete':
      return {command: verb, keys: 1}
    default:
      return {command: 'other', keys: 0}
  }
}

/** Our own traffic to nodes, by address: one counter per node for all connections and threads. */
export class OwnTrafficByAddress {
  readonly #traffic = new Map<string, OwnTraffic>()

  at(address: Address): OwnTraffic {
    const where = formatAddress(address)
    const traffic = this.#traffic.get(where) ?? new OwnTraffic()
    this.#traffic.set(where, traffic)
    return traffic
  }

  /** A thread is gone, and what it had open with it. */
  forget(thread: AskingThread): void {
    for (const traffic of this.#traffic.values()) traffic.forget(thread)
  }
}
