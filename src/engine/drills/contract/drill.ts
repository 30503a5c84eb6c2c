import {RepbenchError} from '../../../protocol/errors.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {LoadPlan} from '../../plan/plan.js'

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
  /** How long the operator takes to act, and so how long a fault lasts, in ms. */
  readonly holdMs: number
  /** How long the pair may take to be whole again, in ms. */
  readonly settleLimitMs: number
  /** How long a drill of many faults goes on. */
  readonly extent: DrillExtent
  readonly random: () => number
  readonly signal: AbortSignal
  sleep(ms: number): Promise<void>
  /** Waits until something holds. @returns whether it came to hold within the limit */
  until(holds: () => boolean, limitMs: number): Promise<boolean>
  /** The fault happens now: times are counted from the last call. Without one, from the begin of fault(). */
  mark(): void
  /** Seconds from the start of the load. */
  now(): number
  /** Tells the operator what is being done. */
  say(text: string): void
  /** Whether a node logged an event of this kind since the fault. */
  sawEvent(kind: string): boolean
  /** Waits until writes that are made from now on cross both ways. @returns after how many ms; null = not in the time that the pair may take */
  untilWhole(): Promise<number | null>
  /** The longest lag of a write that was made since the fault and has crossed, in ms; 0 when none has. */
  worstLagMs(): number
  /** Keys besides those of the load were written and acknowledged: what became of them is looked at in the end. */
  wrote(keys: OwnKeys): void
  /** Keeps one fault of a drill of many. */
  record(fault: SoakFault): void
  /** Runs another load beside the drill's own until it ends or is told to stop. @returns whether all of it was done as it was meant */
  burst(options: {plan: Partial<LoadPlan>; target: ClusterNode; signal?: AbortSignal}): Promise<boolean>
}

/** Keys that a drill writes besides its load. */
export interface OwnKeys {
  readonly prefix: string
  readonly count: number
  /** What it means that a key is on neither node any more. */
  readonly absence: 'lost' | 'evicted'
}

/** How many faults, or for how long; neither = a few. */
export interface DrillExtent {
  readonly durationMs: number | null
  readonly faults: number | null
}

/** One fault of a drill of many. */
export interface SoakFault {
  readonly number: number
  readonly fault: string
  /** How long it lasted until it was undone, as drawn. */
  readonly holdMs: number
  /** Load after that before the next one, as drawn. */
  readonly pauseMs: number
  /** Seconds from the start of the load. */
  readonly t: number
  /** After it was undone; null = the pair was not whole again in the time given. */
  readonly wholeAfterMs: number | null
  /** Why it could not be carried out; null when it was. */
  readonly problem: string | null
}

/** What has to be there for a drill besides a pair. */
export type DrillNeed =
  /** Nodes that can be started, stopped, killed and frozen. */
  | 'control'
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
  /** What it makes use of where it can be had. */
  readonly wants?: readonly DrillNeed[]
  /** Several faults, each undone before the next, as many or as long as the operator wants. @default false */
  readonly isSoak?: boolean
  /** Undoes its fault itself, so that there is nothing to hold. @default false */
  readonly undoes?: boolean
  /** What its load has otherwise than the usual one. */
  readonly plan?: Partial<LoadPlan>
  /** Brings the fault about. @throws FaultNotInjectedError when it could not */
  fault(tools: DrillTools): Promise<void>
  /** What an operator would do: the pair is to be whole again afterwards. */
  recover(tools: DrillTools): Promise<void>
  /** What a good pair keeps to, as assertions; the operator's own replace them. */
  readonly budgets: readonly string[]
  /** What an operator has to do where the pair does not pair again by itself. */
  readonly advice: string
  /** What keeps nodes that are linked from losing or changing keys by this. */
  readonly prevention?: string
}

/** Budgets of a pair that must be whole again in the end, its data with it. */
export const recoveredPair: readonly string[] = [
  'paired',
  'diverged==0',
  'corrupt==0',
  'phantom==0',
  'resurrected==0',
  'unexplainedReads==0',
]
