import type {OwnTraffic} from '../../ask/own-traffic.js'
import type {Address} from '../../protocol/address.js'
import type {PairEvidence} from './link-verdict.js'

/** How long one write took from one node to the other. */
export interface LagSample {
  readonly from: string
  readonly to: string
  /** Monotonic ms of the reply that showed it. */
  readonly atMs: number
  /** From the STORED of the one node to the middle of the time in which the other may have shown it; 0 when that was first. */
  readonly lagUs: number
  /** Length of that time. */
  readonly resolutionUs: number
}

export interface ProbedNode {
  readonly name: string
  readonly address: Address
  readonly traffic: OwnTraffic
}

export interface ProbePairOptions {
  readonly nodes: readonly [ProbedNode, ProbedNode]
  /** Of the writes in one direction. @default 250 */
  readonly intervalMs?: number
  readonly onLag: (sample: LagSample) => void
  readonly onEvidence: () => void
}

/** What tells whether writes cross between two nodes; the engine has one. */
export interface PairProbe {
  /** From the first node to the second, and back. */
  readonly evidence: PairEvidence['probes']
  start(): void
  /** Deletes the keys. Resolves when nothing is left open. */
  close(): Promise<void>
}
