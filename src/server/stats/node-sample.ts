import type {NodeFigures} from './node-figures.js'
import type {NodeRates} from './node-rates.js'
import type {ReplicationFigures} from './replication-stats.js'
import type {SlabClass} from './slab-classes.js'

/** What a node said when it was polled. */
export interface AnsweredSample {
  readonly kind: 'answered'
  readonly node: string
  /** Monotonic ms of the answer. */
  readonly atMs: number
  /** From the request to the whole reply. */
  readonly roundTripMs: number
  readonly figures: NodeFigures
  /** Connections without our own, and without repcached's inner ones where they are known. */
  readonly clients: number | null
  /** Rates of the poller's window, as nearly as the polls allow; null before there is one. */
  readonly rates: NodeRates | null
  /** Whether another process answers than in the sample before. */
  readonly restarted: boolean
  /** Of an embedded node that replicates. */
  readonly replication: ReplicationFigures | null
  /**
   * Connections that are no client's, which give a repcached's link away (3 paired, 1 listening, 0 orphaned);
   * null where the clients cannot be counted, or other things count too.
   */
  readonly innerConnections: number | null
  /** Only when asked for. */
  readonly slabs: readonly SlabClass[] | null
}

/** A node that did not answer: dead, frozen, or out of reach. */
export interface SilentSample {
  readonly kind: 'silent'
  readonly node: string
  readonly atMs: number
  /** Why there is no answer, for people. */
  readonly problem: string
  /** Monotonic ms of its first silence since it last answered. */
  readonly sinceMs: number
}

export type NodeSample = AnsweredSample | SilentSample
