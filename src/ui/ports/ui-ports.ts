import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import type {Address} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {EventAdvice} from '../../server/node-api/event-advice.js'
import type {NodeEvent, NodeEventKind} from '../../server/node-api/node-event.js'
import type {LinkTruth} from '../../server/observe/link-watch.js'
import type {NodeSample} from '../../server/stats/node-sample.js'
import type {ExplainLine, ReadRate} from '../core/session.js'
import type {ConsolePort} from './console-port.js'
import type {DrillPort} from './drill-port.js'
import type {FormSpec, FormValues} from './form-spec.js'
import type {ReportPort} from './report-port.js'

/**
 * Everything the UI asks of the rest of repbench. The composition root (cli)
 * implements it; tests implement it with fakes. The UI itself knows only types.
 */
export interface UiPorts {
  /** Nodes that this program supervises, in the order in which they were made. */
  nodes(): readonly ClusterNode[]
  /** Which of them are meant to replicate to each other. */
  pairs(): readonly UiPair[]
  /** What each node said when it was polled, once a second; a silent node says so. */
  onNodeSample(listener: (node: ClusterNode, sample: NodeSample) => void): () => void
  /** Events of every node, also of those made later, from their first log line on. */
  onNodeEvent(listener: (event: NodeEvent) => void): () => void
  /** What can be launched, the embedded pair first. */
  readonly topologies: readonly TopologyChoice[]
  /** What each kind of event means, and what to do about it. */
  readonly eventAdvice: EventAdvices
  /** What a line of a console session means. */
  readonly explainLine: ExplainLine
  /** Starts the nodes of a topology on free ports and adds them; rejects with one line for the operator. */
  launch(topology: string, given: FormValues): Promise<void>
  /** How the nodes of a launch are set up. */
  readonly launchForm: FormSpec
  /** Shows running servers, too; two are taken for a pair. */
  attach(addresses: readonly Address[]): void
  /** Shows a running server, and those that were attached with it, no longer; they run on. */
  detach(node: ClusterNode): Promise<void>
  /** The slab classes of a node as memcached-tool prints them; rejects when it does not answer. */
  slabs(node: ClusterNode): Promise<readonly string[]>
  /** Starts the same program with the same arguments again; stops it first where it runs. */
  restart(node: ClusterNode): Promise<void>
  /** A promise, so that the engine is loaded after the first frame. */
  profiles(): Promise<readonly ProfileSummary[]>
  readonly readRate: ReadRate
  /** Starts a load run against a node. One run at a time. */
  startRun(options: UiRunRequest): UiRun
  /** Writes a profile file. @returns its path as it is shown; null where there is a file that may not be overwritten */
  saveProfile(options: UiSaveRequest): Promise<string | null>
  /** Writes a new file, named after `name`, into the working directory; its path. */
  saveText(options: {name: string; text: string}): Promise<string>
  readonly consoles: ConsolePort
  readonly drills: DrillPort
  readonly reports: ReportPort
  /** Stops every child. Called once, at the end. */
  close(): Promise<void>
}

export type EventAdvices = Readonly<Record<NodeEventKind, EventAdvice>>

export interface TopologyChoice {
  readonly name: string
  readonly summary: string
}

export type PairLag = readonly [toSlave: number | null, toMaster: number | null]

/** Two nodes that are meant to replicate, named after their roles at launch. */
export interface UiPair {
  readonly master: ClusterNode
  readonly slave: ClusterNode
  /** Port of the replication link (`-X`); null: nobody knows. */
  readonly replicationPort: number | null
  /** Of running servers, whose logs cannot be read: what was found out; null: nothing yet, or the logs tell. */
  truth(): LinkTruth | null
  /** Master to slave and back in µs, where it is measured; a new object after every change. */
  lagUs(): PairLag | null
}

export interface ProfileSummary {
  /** Of a ready-made profile, or the path of a profile file. */
  readonly name: string
  readonly summary: string
  /** Its settings, to be changed. */
  readonly form: FormSpec
}

export interface UiRunRequest {
  readonly profile: string
  /** What the profile is changed by. */
  readonly given: FormValues
  /** The node that the load goes to first. */
  readonly node: ClusterNode
  /** Measure the lag of the pair that it belongs to. */
  readonly lagProbe: boolean
  /** Half of the connections go to the other node of that pair. */
  readonly both?: boolean
  readonly onSnapshot: (snapshot: RunSnapshot) => void
  /** Of several runs one begins. */
  readonly onRound?: (round: Round) => void
}

/** Which one of how many. */
export interface Round {
  readonly round: number
  readonly of: number
}

export interface UiSaveRequest {
  readonly profile: string
  readonly given: FormValues
  readonly path: string
  readonly overwrite: boolean
}

export interface UiRun {
  /** Ends the run early; `finished` resolves with what was measured so far. */
  stop(): void
  /** From now on calls are due at this rate. @returns false where there is no rate to change */
  changeRate(ratePerSecond: number): boolean
  readonly finished: Promise<UiRunResult>
}

export interface UiRunResult {
  /** The report for people, as the headless command prints it. */
  readonly report: string
  /** Path of the saved run; null when it could not be saved. */
  readonly savedAs: string | null
  /** Why it could not be saved. */
  readonly saveProblem?: string
  /** Against the run of the same profile before it, in one line; null without one. */
  readonly comparison: string | null
  readonly verdict: 'pass' | 'fail' | 'unknown'
  /** What several runs have in common, in one line. */
  readonly repeated?: string
  /** Why it is no pass, besides operations that failed and conditions that were broken. */
  readonly reasons?: readonly string[]
  /** What it was to keep to, and whether it did. */
  readonly assertions?: readonly {
    readonly expr: string
    /** What was measured, with its unit. */
    readonly got: string
    readonly verdict: 'pass' | 'fail' | 'unknown'
  }[]
}
