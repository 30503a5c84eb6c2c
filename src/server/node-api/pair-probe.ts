import type {OwnTraffic} from '../../ask/own-traffic.js'
import type {Address} from '../../protocol/address.js'

/** Evidence of the probe writes on one node that are looked for on the other. */
export interface ProbeEvidence {
  /** When a write was last seen to arrive. */
  readonly crossedAtMs: number | null
  /** Both nodes have answered all through this time, and a write was not there; null when none is missing. */
  readonly missing: {readonly sinceMs: number; readonly untilMs: number} | null
  /** What keeps it from being tried; null when nothing does. */
  readonly problem: string | null
  /** When the oldest write was acknowledged that has not arrived, but for those that a later one overtook; null when none is missing. */
  readonly oldestUnseenMs?: number | null
}

/** Evidence of both directions: from the first node to the second, and back. */
export type PairProbes = readonly [ProbeEvidence, ProbeEvidence]

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

/** A node that repbench asks, with the counter of what it asks. */
export interface ProbedNode {
  readonly name: string
  readonly address: Address
  readonly traffic: OwnTraffic
}

export interface ProbePairOptions {
  readonly nodes: readonly [ProbedNode, ProbedNode]
  /** From one write to the next in a direction. @default 250 */
  readonly intervalMs?: number
  readonly onLag: (sample: LagSample) => void
  readonly onEvidence: () => void
}

/** Probes whether writes cross between two nodes; the engine has one. */
export interface PairProbe {
  /** From the first node to the second, and back. */
  readonly evidence: PairProbes
  start(): void
  /** Deletes the keys. Resolves when nothing is left open. */
  close(): Promise<void>
}
