/**
 * What happened to a node: read from its log, or seen by its supervisor.
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
}

export type NodeEventKind =
  // seen by the supervisor
  | 'started'
  | 'ready'
  | 'killed'
  | 'stopped'
  | 'crashed'
  | 'paused'
  | 'resumed'
  // read from the node's log (spec/repcached section 8)
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
