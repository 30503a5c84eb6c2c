import type {RunSnapshot} from '../engine/run-events.js'
import type {Address} from '../protocol/address.js'
import type {ClusterNode} from '../server/cluster-node.js'
import type {SessionState, TranscriptEntry} from '../telnet/transcript.js'

/**
 * Everything the UI asks of the rest of repbench. The composition root (cli)
 * implements it; tests implement it with fakes. The UI itself knows only types.
 */
export interface UiPorts {
  /** Nodes that this program supervises, in the order in which they were made. */
  nodes(): readonly ClusterNode[]
  /** Starts an embedded pair on free ports and adds its nodes; rejects with one line for the operator. */
  launchPair(): Promise<void>
  /** Starts the same program with the same arguments again. */
  restart(node: ClusterNode): Promise<void>
  profiles(): readonly ProfileSummary[]
  /** Starts a load run against a node. One run at a time. */
  startRun(options: {profile: string; target: Address; onSnapshot: (snapshot: RunSnapshot) => void}): UiRun
  openConsole(options: {address: Address; onChange: () => void}): UiConsole
  /** Stops every child. Called once, at the end. */
  close(): Promise<void>
}

export interface ProfileSummary {
  readonly name: string
  readonly summary: string
}

export interface UiRun {
  /** Ends the run early; `finished` resolves with what was measured so far. */
  stop(): void
  /** Resolves with the human-readable report and the path of the saved run. */
  readonly finished: Promise<{report: string; savedAs: string | null; verdict: 'pass' | 'fail' | 'unknown'}>
}

export interface UiConsole {
  readonly address: Address
  state(): SessionState
  /** Oldest first, bounded. A new array after every change. */
  entries(): readonly TranscriptEntry[]
  /** Bytes of the data block still expected after a storage command, else null. */
  dataBytesExpected(): number | null
  /** Sends one typed line with its CRLF. */
  send(line: string): void
  close(): void
}
