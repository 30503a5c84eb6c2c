import type {LoadPlan} from './plan.js'
import {Random} from './random.js'
import {drawSize, type SizeDistribution} from './sizes.js'

/**
 * What one connection asks for, call by call. Depends on the plan and the
 * connection's number alone, so that threads and timing change nothing of it.
 */
export class Workload {
  /** Place in the plan's mix. */
  method = 0
  /** From 1; all connections take turns, as with mcperf's one counter. */
  key = 0
  /** Bytes of the value. */
  size = 0

  readonly #index: number
  readonly #connections: number
  readonly #keyCount: number
  readonly #sizes: SizeDistribution
  readonly #weights: readonly number[]
  readonly #totalWeight: number
  readonly #methodDraws: Random
  readonly #sizeDraws: Random
  #call = 0

  constructor(plan: LoadPlan, index: number) {
    this.#index = index
    this.#connections = plan.connections
    this.#keyCount = plan.keyCount ?? 2 ** 32
    this.#sizes = plan.sizes
    this.#weights = plan.mix.map(({weight}) => weight)
    this.#totalWeight = this.#weights.reduce((sum, weight) => sum + weight, 0)
    this.#methodDraws = new Random({seed: plan.seed, stream: index * 2})
    this.#sizeDraws = new Random({seed: plan.seed, stream: index * 2 + 1})
  }

  /** Settles method, key and size of the next call. */
  next(): void {
    this.key = ((this.#call++ * this.#connections + this.#index) % this.#keyCount) + 1
    if (this.#weights.length > 1) this.method = this.#drawMethod()
    this.size = drawSize(this.#sizes, this.#sizeDraws.next)
  }

  #drawMethod(): number {
    let left = this.#methodDraws.next() * this.#totalWeight
    for (let method = 0; method < this.#weights.length; method++) {
      left -= this.#weights[method]!
      if (left < 0) return method
    }
    return this.#weights.length - 1
  }
}
