import {RepbenchError} from '../../../protocol/errors.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {LoadPlan} from '../../plan/plan.js'

/** A failure to rehearse. One file in each/ and one line in its registry. */
export interface Drill {
  readonly name: string
  /** One line, as lists show it. */
  readonly summary: string
  readonly needs?: readonly DrillNeed[]
  /** Used where the pair has it. */
  readonly wants?: readonly DrillNeed[]
  /** Many faults, one after another; how many, or for how long, is up to the operator. @default false */
  readonly isSoak?: boolean
  /** Undoes its fault itself, so that there is nothing to hold. @default false */
  readonly undoes?: boolean
  /** Changes to the usual load of a drill. */
  readonly plan?: Partial<LoadPlan>
  /** Injects the fault. @throws FaultNotInjectedError when it could not */
  fault(tools: DrillTools): Promise<void>
  /** Does what an operator would do, after which the pair must recover. */
  recover(tools: DrillTools): Promise<void>
  /** What the drill is judged by, unless the operator gives assertions. */
  readonly assertions: readonly string[]
  /** What an operator must do when the pair does not recover by itself. */
  readonly advice: string
  /** How to keep linked nodes from losing or changing keys by this fault. */
  readonly prevention?: string
}

/** What a drill needs besides a pair. */
export type DrillNeed =
  /** Nodes that can be started, stopped, killed and frozen. */
  | 'control'
  /** A replication link that can be cut and slowed. */
  | 'link'
  /** Nodes of different memory sizes. */
  | 'unequalMemory'
  /** A third process on the pair's replication port. */
  | 'third'

/** Assertions of a pair that must recover, its data too. */
export const recoveredPair: readonly string[] = [
  'paired',
  'diverged==0',
  'corrupt==0',
  'phantom==0',
  'resurrected==0',
  'unexplainedReads==0',
]

/** The fault of a drill could not be injected: its verdict is unknown, never pass. */
export class FaultNotInjectedError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_FAULT_NOT_INJECTED', message, options)
  }
}

/** What `fault` and `recover` of a drill may use. */
export interface DrillTools {
  readonly cluster: DrillCluster
  readonly clock: DrillClock
  readonly journal: DrillJournal
  readonly watch: DrillWatch
  /** How many faults a soak injects. */
  readonly extent: DrillExtent
  /** 0 to below 1, from the plan's seed. */
  readonly random: () => number
  readonly signal: AbortSignal
  /** Runs a second load beside the drill's own until it ends or is told to. @returns whether every call succeeded */
  burst(options: DrillBurst): Promise<boolean>
}

/** The pair of a drill, started and supervised by somebody else. */
export interface DrillCluster {
  /** As the report names it: `pair`, `repcached` … */
  readonly topology: string
  /** Started first, so that it accepted the link. */
  readonly master: ClusterNode
  readonly slave: ClusterNode
  /** Reconnects and resyncs by itself after it lost its link. */
  readonly resilient: boolean
  /** Null where the nodes are linked without a relay. */
  readonly link: LinkControl | null
  /** Starts one more process with the pair's replication port. */
  startThird(): Promise<ClusterNode>
}

/** The relay that a pair's replication link runs through. */
interface LinkControl {
  /** Closes the link and refuses connections until restore(). */
  cut(): void
  /** Delays bytes, and passes no more than so many a second in each direction. */
  slow(options: {delayMs: number; bytesPerSecond: number}): void
  /** Undoes cut() and slow(). */
  restore(): void
}

/** Time in a drill; waits end with an error when the drill is interrupted. */
export interface DrillClock {
  /** How long the operator takes to act, and so how long a fault lasts. */
  readonly holdMs: number
  /** Seconds from the start of the load. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Waits for a condition. @returns whether it held within the limit */
  until(holds: () => boolean, limitMs: number): Promise<boolean>
  /** The fault happens now: its times count from the last call. Without a call, from the start of fault(). */
  mark(): void
}

/** What a drill tells: to the operator now, to the result later. */
export interface DrillJournal {
  say(text: string): void
  /** Adds one fault of a soak to the result. */
  record(fault: SoakFault): void
  /** Extra keys written by the drill; checked at the end. */
  wrote(keys: OwnKeys): void
}

/** What is seen of the pair. */
export interface DrillWatch {
  /** Whether a node logged an event of this kind since the fault. */
  sawEvent(kind: string): boolean
  /** Waits until writes made from now on cross both ways. @returns after how many ms; null when not within the settle time */
  untilRecovered(): Promise<number | null>
  /** Longest lag of a write that was made since the fault and has crossed, in ms; 0 when none has. */
  worstLagMs(): number
}

export interface DrillBurst {
  /** Changes to the drill's own plan. */
  readonly plan: Partial<LoadPlan>
  readonly target: ClusterNode
  /** Ends it. @default the drill's */
  readonly signal?: AbortSignal
}

/** Keys that a drill writes besides its load. */
export interface OwnKeys {
  readonly prefix: string
  readonly count: number
  /** What it means when a key is on neither node. */
  readonly absence: 'lost' | 'evicted'
}

/** Faults of a soak where the operator says neither how many nor for how long. */
export const SOAK_FAULTS = 5

/** How many faults, or for how long; both null = SOAK_FAULTS. */
export interface DrillExtent {
  readonly durationMs: number | null
  readonly faults: number | null
}

/** One fault of a soak. */
export interface SoakFault {
  /** From 1. */
  readonly number: number
  readonly fault: string
  /** How long it lasted until it was undone, as drawn. */
  readonly holdMs: number
  /** Load after the recovery, before the next fault, as drawn. */
  readonly pauseMs: number
  /** Seconds from the start of the load. */
  readonly t: number
  /** From its end to the recovery of the pair; null = it did not recover in the settle time. */
  readonly wholeAfterMs: number | null
  /** Why it could not be carried out; null when it was. */
  readonly problem: string | null
}
