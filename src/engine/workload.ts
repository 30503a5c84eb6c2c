import {type KeyChoice, keyChoiceOf} from './key-choice.js'
import type {LoadPlan} from './plan.js'
import {Random} from './random.js'
import type {Request} from './request-writer.js'
import {sizeDrawer} from './sizes.js'
import {Weighted} from './weighted.js'

/** Random streams of each connection, one for each purpose: what is drawn of one changes nothing of the others. */
const STREAMS = 8

/**
 * What one connection asks for, call by call. Depends on the plan and the
 * connection's number alone, so that threads and timing change nothing of it.
 */
export class Workload implements Request {
  /** Place in the plan's mix. */
  method = 0
  /** From 1; all connections take turns, as with mcperf's one counter. */
  key = 0
  /** Bytes of the value. */
  size = 0
  /** Further keys of a get with many. */
  readonly moreKeys: number[] = []

  readonly #keys: KeyChoice
  readonly #methods: Weighted
  readonly #onlyMethod: boolean
  readonly #drawSize: () => number
  #call = 0

  constructor(plan: LoadPlan, index: number) {
    const random = (purpose: number) => new Random({seed: plan.seed, stream: index * STREAMS + purpose}).next
    this.#methods = new Weighted({weights: plan.mix.map(({weight}) => weight), random: random(0)})
    this.#onlyMethod = plan.mix.length === 1
    this.#drawSize = sizeDrawer(plan.sizes, random(1))
    this.#keys = keyChoiceOf(plan, {index, stream: index * STREAMS + 2})
  }

  /** Settles method, key and size of the next call. */
  next(): void {
    this.key = this.#keys.next(this.#call++)
    if (!this.#onlyMethod) this.method = this.#methods.next()
    this.size = this.#drawSize()
  }
}
