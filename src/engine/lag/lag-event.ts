/** From the first node (the master, where that is known) to the second, and back. */
export type LagDirection = 'aToB' | 'bToA'

export const lagDirections = ['aToB', 'bToA'] as const

/** Commands that a node was asked and has answered, and connections to it; a get counts once for each of its keys. */
export interface ProbeCounts {
  readonly connections: number
  readonly sets: number
  readonly gets: number
  readonly deletes: number
}

/** What a probe learns of its writes, in that order. Times are on performance.now(), in ms. */
export type LagEvent =
  | {readonly type: 'stored'; readonly direction: LagDirection; readonly number: number; readonly atMs: number}
  /** A write was due, and the node did not acknowledge it: that says nothing of the lag. */
  | {readonly type: 'notStored'; readonly direction: LagDirection}
  | {
      readonly type: 'seen'
      readonly direction: LagDirection
      readonly number: number
      /** When the reply came that showed it. */
      readonly atMs: number
      /** From STORED to the middle of the time in which it may have become visible; 0 when it was seen before STORED. */
      readonly lagUs: number
      /** Length of that time: what passed before the read that showed it, since it was known to be missing. */
      readonly resolutionUs: number
    }
  /** A later write was seen, and this one was not: it is lost, or comes with a full copy. */
  | {readonly type: 'overtaken'; readonly direction: LagDirection; readonly number: number}
  /** All that the probe has asked the two nodes so far, and up to when it has told what it saw. */
  | {readonly type: 'asOf'; readonly atMs: number; readonly a: ProbeCounts; readonly b: ProbeCounts}

/** Longer than a link is down while anybody waits for it; a killed repbench leaves its keys behind for as long. */
export const PROBE_TTL_MS = 300_000
