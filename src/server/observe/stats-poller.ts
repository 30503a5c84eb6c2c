import {AskError} from '../../ask/ask-error.js'
import {LookOnce} from '../../ask/look/look-once.js'
import {messageOf} from '../../protocol/errors.js'
import type {ProbedNode} from '../node-api/pair-probe.js'
import type {NodeSample, SilentSample} from '../stats/node-sample.js'
import {NodeSampler} from './node-sampler.js'

/** A connection that owes an answer is closed and connected again after so long, and then ever more patiently. */
const FIRST_PATIENCE_MS = 5000
const LAST_PATIENCE_MS = 60_000
/** A node that is silent is asked again after so long, and then after ever longer pauses. */
const FIRST_PAUSE_MS = 500
const LAST_PAUSE_MS = 1500

export interface StatsPollerOptions {
  readonly node: ProbedNode
  /** Also ask for the slab classes. @default false */
  readonly slabs?: boolean
  /** Time limit of a whole sample. @default 900 */
  readonly timeoutMs?: number
  /** Window of the rates, as nearly as the polls allow; 0 for the time since the poll before. @default 1000 */
  readonly windowMs?: number
}

/** Polls one node: each poll gives a sample in time. A dead node is asked ever more rarely, down to every second turn. */
export class StatsPoller {
  readonly #options: Required<StatsPollerOptions>
  readonly #sampler: NodeSampler
  readonly #look: LookOnce
  #patienceMs = FIRST_PATIENCE_MS
  /** The newest sample, where that was silent. */
  #silent: SilentSample | null = null
  #nextMs = 0
  #pauseMs = FIRST_PAUSE_MS
  #polling: Promise<NodeSample> | null = null

  constructor(options: StatsPollerOptions) {
    this.#options = {slabs: false, timeoutMs: 900, windowMs: 1000, ...options}
    const {node, slabs, windowMs} = this.#options
    this.#look = new LookOnce(node.address)
    // A late answer is the next poll's affair.
    this.#sampler = new NodeSampler({node, slabs, windowMs, patienceMs: LAST_PATIENCE_MS})
  }

  /** As pollNow(); of a node that has just been silent the same sample again, without a question. */
  poll(): Promise<NodeSample> {
    if (this.#silent !== null && performance.now() < this.#nextMs) return Promise.resolve(this.#silent)
    return this.pollNow()
  }

  /** One sample; never rejects, and takes no longer than the timeout. A poll under way is not doubled. */
  pollNow(): Promise<NodeSample> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = null
    })
    return this.#polling
  }

  close(): void {
    this.#sampler.drop('the end of the watch')
  }

  async #poll(): Promise<NodeSample> {
    const {timeoutMs} = this.#options
    const endMs = performance.now() + timeoutMs
    const {promise: late, reject} = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    try {
      this.#assertPatience()
      const sample = await Promise.race([this.#sampler.sample(), late])
      this.#answered()
      return sample
    } catch (error) {
      return await this.#silence(error, endMs)
    } finally {
      clearTimeout(timer)
    }
  }

  /** A node that still owes an answer is not asked again: it would answer all at once when it wakes up. */
  #assertPatience(): void {
    const since = this.#sampler.waitingSinceMs
    if (since === null) return
    const silentMs = performance.now() - since
    if (silentMs < this.#patienceMs) throw new Error(`no answer for ${(silentMs / 1000).toFixed(1)} s`)
    this.#sampler.drop()
    this.#patienceMs = Math.min(this.#patienceMs * 2, LAST_PATIENCE_MS)
  }

  #answered(): void {
    this.#silent = null
    this.#look.forget()
    this.#patienceMs = FIRST_PATIENCE_MS
    this.#pauseMs = FIRST_PAUSE_MS
  }

  async #silence(error: unknown, endMs: number): Promise<SilentSample> {
    const atMs = performance.now()
    const sinceMs = this.#silent?.sinceMs ?? atMs
    this.#nextMs = atMs + this.#pauseMs
    this.#pauseMs = Math.min(this.#pauseMs * 2, LAST_PAUSE_MS)
    const there = await this.#look.explain(error, {timeoutMs: endMs - atMs})
    const problem = there === null ? problemOf(error) : `it ${there}`
    this.#silent = {kind: 'silent', node: this.#options.node.name, atMs, problem, sinceMs}
    return this.#silent
  }
}

/** Without the name of the node, which stands beside it. */
function problemOf(error: unknown): string {
  return error instanceof AskError ? error.got : messageOf(error)
}
