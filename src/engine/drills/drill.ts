import {RepbenchError} from '../../protocol/errors.js'
import type {ClusterNode} from '../../server/cluster-node.js'
import type {LoadPlan} from '../plan.js'

/** The fault of a drill could not be brought about: its verdict is unknown, never pass. */
export class FaultNotInjectedError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_FAULT_NOT_INJECTED', message, options)
  }
}

/** The replication link of a pair, where it runs through a relay that can be told to misbehave. */
interface LinkControl {
  /** Closes the link and lets nobody through until restore(). */
  cut(): void
  /** Holds bytes back by so much, and lets through no more than so many a second in each direction. */
  slow(options: {delayMs: number; bytesPerSecond: number}): void
  /** Whatever was done is undone. */
  restore(): void
}

/** The pair that a drill is run on, started and supervised by somebody else. */
export interface DrillCluster {
  /** As the report names it: `pair`, `repcached` … */
  readonly topology: string
  /** Started first, so that it accepted the link. */
  readonly master: ClusterNode
  readonly slave: ClusterNode
  /** Redials and resyncs by itself after it lost its link. */
  readonly resilient: boolean
  /** Null where the nodes talk to each other directly. */
  readonly link: LinkControl | null
  /** Starts one more process with the pair's replication port. */
  startThird(): Promise<ClusterNode>
}

/** What the steps of a drill have at hand. */
export interface DrillTools {
  readonly cluster: DrillCluster
  /** How long a fault that has a duration lasts, in ms. */
  readonly holdMs: number
  readonly random: () => number
  readonly signal: AbortSignal
  sleep(ms: number): Promise<void>
  /** Waits until something holds. @returns whether it came to hold within the limit */
  until(holds: () => boolean, limitMs: number): Promise<boolean>
  /** The fault happens now: times are counted from the last call. Without one, from the begin of fault(). */
  mark(): void
  /** Tells the operator what is being done. */
  say(text: string): void
  /** Whether a node logged an event of this kind since the fault. */
  sawEvent(kind: string): boolean
  /** Runs another load beside the drill's own until it ends or is told to stop; resolves when it is over. */
  burst(options: {plan: Partial<LoadPlan>; target: ClusterNode; signal?: AbortSignal}): Promise<void>
}

/** What has to be there for a drill besides a pair. */
type DrillNeed =
  /** A replication link that can be cut and slowed. */
  | 'link'
  /** Nodes of different memory sizes. */
  | 'unequalMemory'
  /** A third process on the pair's replication port. */
  | 'third'

/** A failure to rehearse. One file and one line in the registry. */
export interface Drill {
  readonly name: string
  /** One line, as lists show it. */
  readonly summary: string
  readonly needs?: readonly DrillNeed[]
  /** What its load has otherwise than the usual one. */
  readonly plan?: Partial<LoadPlan>
  /** Keys besides those of its load that both nodes should agree on in the end. */
  readonly compares?: {readonly prefix: string; readonly count: number}
  /** Brings the fault about. @throws FaultNotInjectedError when it could not */
  fault(tools: DrillTools): Promise<void>
  /** What an operator would do: the pair is to be whole again afterwards. */
  recover(tools: DrillTools): Promise<void>
  /** What a good pair keeps to, as assertions; the operator's own replace them. */
  readonly budgets: readonly string[]
  /** What an operator has to do where the pair does not pair again by itself. */
  readonly advice: string
}
