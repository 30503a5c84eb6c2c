/** From the first node (the master, where that is known) to the second, and back. */
export type LagDirection = 'aToB' | 'bToA'

export const lagDirections = ['aToB', 'bToA'] as const

/** Commands that a node has answered, and connections to it; a get counts once for each of its keys. */
export interface ProbeCounts {
  readonly connections: number
  readonly sets: number
  readonly gets: number
  readonly deletes: number
}

/** What a probe learns of its writes, in order. Times are on performance.now(), in ms. */
export type LagEvent =
  | {readonly type: 'stored'; readonly direction: LagDirection; readonly number: number; readonly atMs: number}
  /** A write was due, but the node did not acknowledge it: no lag. */
  | {readonly type: 'notStored'; readonly direction: LagDirection}
  | {
      readonly type: 'seen'
      readonly direction: LagDirection
      readonly number: number
      /** Of the reply that showed it. */
      readonly atMs: number
      /** From STORED to the middle of the interval in which it became visible; 0 when it was seen before STORED. */
      readonly lagUs: number
      /** Length of that interval: from when it was last known to be missing to the read that showed it. */
      readonly resolutionUs: number
    }
  /** A later write was seen before this one: it is lost, or comes with a full sync. */
  | {readonly type: 'overtaken'; readonly direction: LagDirection; readonly number: number}
  /** All that the probe has asked of both nodes so far, and up to when its events are complete. */
  | {readonly type: 'asOf'; readonly atMs: number; readonly a: ProbeCounts; readonly b: ProbeCounts}

/** Where a probe runs: on a thread of its own, or on the main thread, where a long turn of the event loop counts as lag. */
export const lagThreads = ['probeThread', 'mainThread'] as const

export type LagThread = (typeof lagThreads)[number]

/** Time to live of probe keys: longer than anybody waits for a link; a killed repbench leaves its keys behind for as long. */
export const PROBE_TTL_MS = 300_000
