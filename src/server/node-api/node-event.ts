/**
 * What happened to a node: read from its log, seen by its supervisor, or derived from both.
 * `kind` is stable (results and drills match on it); `text` is for people.
 */
export interface NodeEvent {
  /** Monotonic ms (performance.now() of the supervising process): one clock for all events of a run. */
  readonly monotonicMs: number
  /** Wall clock, ms since the epoch. */
  readonly atMs: number
  readonly node: string
  readonly kind: NodeEventKind
  readonly text: string
  /** What the event is about, for programs. */
  readonly facts?: NodeEventFacts
}

export interface NodeEventFacts {
  /** linkUp: a slave has got a full sync of its master. */
  readonly role?: 'master' | 'slave'
  /** fullSyncDone: how many keys the copy had. */
  readonly keys?: number
  /** crashed, killed, stopped: how the process ended. */
  readonly code?: number | null
  readonly signal?: NodeJS.Signals | null
  /** sendError: the system's number. */
  readonly errno?: number
  /** thirdProcess, bindFailed: who has the port. */
  readonly holderPid?: number
  readonly holder?: string
}

/** Every kind; event-advice.ts says what each means. */
export type NodeEventKind =
  // seen by the supervisor
  | 'started'
  | 'ready'
  | 'killed'
  | 'stopped'
  | 'crashed'
  | 'paused'
  | 'resumed'
  | 'reachable'
  | 'unreachable'
  // read from the node's log (docs/node-events.md)
  | 'dialling'
  | 'dialFailed'
  | 'linkUp'
  | 'fullSyncStarted'
  | 'fullSyncDone'
  | 'linkLost'
  | 'listening'
  | 'overflow'
  | 'bindFailed'
  | 'sendError'
  | 'linkFault'
  | 'outOfMemory'
  | 'tooManyConnections'
  // derived
  | 'thirdProcess'
  // found out about a pair by watching it (link-watch.ts)
  | 'diverging'
  | 'alone'
  | 'unproven'
  | 'parting'
  | 'replicating'
