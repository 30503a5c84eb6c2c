import {methods} from '../data/methods.js'
import {Random} from '../data/random.js'
import {sizeDrawer} from '../data/sizes.js'
import {VALUE_MIN_BYTES} from '../data/value-format.js'
import {Weighted} from '../data/weighted.js'
import type {LoadPlan} from '../plan/plan.js'
import {type KeyChoice, type KeyOwner, keyChoiceOf, keyOfServer, ownedKey} from './key-choice.js'

/** A call to render as a request. */
export interface Request {
  /** Place in the plan's mix. */
  readonly method: number
  readonly key: number
  /** Of the value, in bytes; the amount of incr and decr. */
  readonly size: number
  /** Further keys of a get with many. */
  readonly moreKeys: readonly number[]
  /** Version of the key, for self-describing values. */
  readonly version: number
  /** Number of the connection that writes. */
  readonly writer: number
}

/** Random streams of each connection, one for each purpose, so that draws for one purpose do not change the others. */
const STREAMS = 8
const METHOD_STREAM = 0
const SIZE_STREAM = 1
const KEY_STREAM = 2
const HIT_STREAM = 3
const ARRIVAL_STREAM = 4

/** The random stream of a connection's arrivals. */
export function arrivalStream(index: number): number {
  return index * STREAMS + ARRIVAL_STREAM
}

/**
 * The calls of one connection: method, keys and size of each. They depend on
 * the plan and the connection's number alone, not on threads or timing.
 */
export class Workload implements Request {
  /** Place in the plan's mix. */
  method = 0
  /** From 1. */
  key = 0
  /** Bytes of the value. */
  size = 0
  /** Further keys of a get with many. */
  readonly moreKeys: number[] = []
  /** Version of the written key, for self-describing values; set by the sender. */
  version = 0
  readonly writer: number

  readonly #keys: KeyChoice
  readonly #keyCount: number
  readonly #keysPerRead: number
  readonly #hitRatio: number | null
  readonly #hits: () => number
  readonly #reads: readonly boolean[]
  readonly #methods: Weighted
  readonly #onlyMethod: boolean
  readonly #drawSize: () => number
  /** With verification: which keys this connection may write. */
  readonly #owner: KeyOwner | null
  /** Servers that keys are hashed over. */
  readonly #servers: number
  #draws = 0

  constructor(plan: LoadPlan, index: number) {
    const stream = (purpose: number) => index * STREAMS + purpose
    const random = (purpose: number) => new Random({seed: plan.seed, stream: stream(purpose)}).next
    this.#methods = new Weighted({weights: plan.mix.map(({weight}) => weight), random: random(METHOD_STREAM)})
    this.#onlyMethod = plan.mix.length === 1
    this.#reads = plan.mix.map(({method}) => methods[method].reads)
    const drawSize = sizeDrawer(plan.sizes, random(SIZE_STREAM))
    this.#drawSize = plan.verify ? () => Math.max(drawSize(), VALUE_MIN_BYTES) : drawSize
    this.#owner = plan.verify ? {index, connections: plan.connections, keyCount: plan.keyCount!} : null
    this.#servers = plan.keyServers
    this.writer = index
    this.#keys = keyChoiceOf(plan, {index, stream: stream(KEY_STREAM)})
    this.#keyCount = plan.keyCount ?? 0
    this.#keysPerRead = plan.multigetKeys
    this.#hitRatio = plan.hitRatio
    this.#hits = random(HIT_STREAM)
  }

  /** Draws method, keys and size of the next call. */
  next(): void {
    if (!this.#onlyMethod) this.method = this.#methods.next()
    if (this.#reads[this.method]) this.#chooseKeysToRead()
    else {
      this.size = this.#drawSize()
      // Setting the length costs time even where it changes nothing.
      if (this.moreKeys.length > 0) this.moreKeys.length = 0
      const key = this.#keys.next(this.#draws++)
      this.key = this.#owner === null ? key : ownedKey(key, this.#owner)
    }
  }

  #chooseKeysToRead(): void {
    this.key = this.#keyToRead()
    if (this.#keysPerRead === 1) return
    this.moreKeys.length = this.#keysPerRead - 1
    for (let i = 0; i < this.moreKeys.length; i++) this.moreKeys[i] = this.#keyToRead()
  }

  /** Keys above the plan's are never written: reads of them miss. */
  #keyToRead(): number {
    const drawn = this.#keys.next(this.#draws++)
    const key = this.#servers > 1 && this.#owner !== null ? keyOfServer(drawn, this.#owner, this.#servers) : drawn
    return this.#hitRatio === null || this.#hits() < this.#hitRatio ? key : key + this.#keyCount
  }
}
