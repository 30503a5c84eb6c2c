import type {AskOptions} from '../../ask/ask-once.js'
import type {Address} from '../../protocol/address.js'
import type {NodeEvent, NodeEventFacts, NodeEventKind} from './node-event.js'

/**
 * Life of the process behind a node. `dead` is any end that was not asked for with stop();
 * of a server that repbench did not start: no answer.
 */
type NodeState = 'stopped' | 'starting' | 'up' | 'paused' | 'stopping' | 'dead'

/** What the node's own log says of its replication link. `none` = the node does not replicate. */
export type LinkState = 'none' | 'dialling' | 'syncing' | 'paired' | 'listening' | 'orphaned' | 'unknown'

/** master = it accepted the link, slave = it connected (both accept client writes). */
export type LinkRole = 'master' | 'slave' | 'none'

export interface NodeExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly atMs: number
}

export interface LogLine {
  /** Wall clock, ms since the epoch. */
  readonly atMs: number
  readonly text: string
}

/** A consistent view of a node at one moment; a new object after every change. */
export interface NodeStatus {
  readonly state: NodeState
  readonly pid: number | null
  /** Wall clock ms of the last start; null before the first. */
  readonly startedAtMs: number | null
  readonly exit: NodeExit | null
  readonly link: LinkState
  readonly role: LinkRole
}

/**
 * One node: an operating-system process that speaks memcached's protocol.
 * The only thing that drills, load and UI know about a node.
 */
export interface ClusterNode {
  /** `m1`, `s1`, `n1` …; of a running server its address. */
  readonly name: string
  /** Name of its backend (`embedded`, `memcached` …); null for a running server, which may be any of them. */
  readonly backend: string | null
  /** false: a running server that is only observed. What starts, stops, kills, freezes or thaws it fails with ERR_NODE_STATE. */
  readonly supervised: boolean
  readonly address: Address
  /** Program and arguments, as a person would type them; empty when unknown. */
  readonly commandLine: string
  /** The file that keeps its log; null without one. */
  readonly logFile: string | null
  status(): NodeStatus
  /** Resolves when the client port answers; rejects (with the last log lines) when the process dies before. */
  start(options?: {signal?: AbortSignal}): Promise<void>
  /** SIGTERM, then SIGKILL after a grace. Resolves when the process is gone. Harmless on a dead node. */
  stop(): Promise<void>
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGSTOP. */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** One `stats` round trip on a connection of its own. */
  stats(options?: AskOptions): Promise<ReadonlyMap<string, string>>
  /** The newest log lines (bounded), oldest first. */
  logs(): readonly LogLine[]
  /** Calls back for every event until the returned function is called. */
  onEvent(listener: (event: NodeEvent) => void): () => void
  /** Tells the listeners what somebody else has found out about this node. */
  report(kind: NodeEventKind, text: string, facts?: NodeEventFacts): void
}
