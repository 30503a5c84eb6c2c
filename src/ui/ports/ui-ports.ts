import type {Address} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {EventAdvice} from '../../server/node-api/event-advice.js'
import type {NodeEvent, NodeEventKind} from '../../server/node-api/node-event.js'
import type {LinkTruth} from '../../server/observe/link-watch.js'
import type {NodeSample} from '../../server/stats/node-sample.js'
import type {Explanation} from '../../telnet/explain/explanation.js'
import type {TranscriptEntry} from '../../telnet/transcript/transcript.js'
import type {ConsolePort} from './console-port.js'
import type {DrillPort} from './drill-port.js'
import type {FormSpec, FormValues} from './form-spec.js'
import type {ReportPort} from './report-port.js'
import type {ProfileSummary, UiRun, UiRunRequest, UiSaveRequest} from './run-port.js'

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
  /** Port of the replication link (`-X`); null when unknown. */
  readonly replicationPort: number | null
  /** Of running servers, whose logs cannot be read: what was found out; null: nothing yet, or the logs tell. */
  truth(): LinkTruth | null
  /** Master to slave and back in µs, where it is measured; a new object after every change. */
  lagUs(): PairLag | null
}

/** A rate, or what is wrong with the text, in one line. */
export type ReadRate = (text: string) => {readonly ratePerSecond: number} | {readonly problem: string}

/** Meaning of a line of a console session; null: data, or a line that was typed. */
export type ExplainLine = (line: Pick<TranscriptEntry, 'kind' | 'text'>) => Explanation | null
