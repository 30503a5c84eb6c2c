/** With more late calls than this, the lateness shows in the percentiles that people read. */
const LATE_TOLERATED = 0.01
/** With more late calls than this, the schedule is lost, not jittered. */
const LATE_PACE_LOST = 0.5
/** A thread that is busier than this has no time to spare. */
const BUSY_SHARE = 0.95
/** Of fewer calls a share says nothing. */
const CALLS_LEAST = 100

/**
 * `late`: with time to spare on its core, the generator got the core too late
 * for its calls, because the machine was busy with something else.
 * `saturated`: the generator, not the server, set the pace.
 */
export type GeneratorHealth = 'keeps up' | 'late' | 'saturated'

/** Counts of an open loop. */
export interface Lateness {
  readonly sent: number
  /** Late, because there was nobody to send them to when they were due. */
  readonly heldUp: number
  /** Late by the generator's own doing. */
  readonly late: number
}

/** Share of the calls that the generator itself sent late, of those that it could have sent in time; null where these are few. */
export function lateShareOf({sent, heldUp, late}: Lateness): number | null {
  const inItsHands = sent - heldUp
  return inItsHands < CALLS_LEAST ? null : late / inItsHands
}

/**
 * Whether the generator was the bottleneck: in a closed loop, when it is as
 * fast as it can go; in an open loop, when that made it late, or when it was
 * late with most calls, whoever had its core.
 * @param lateShare of the calls; null when it is not known
 * @param busyShare of its busiest thread, of the time that passed
 */
export function isSaturated(generator: {openLoop: boolean; lateShare: number | null; busyShare: number}): boolean {
  const {openLoop, lateShare, busyShare} = generator
  const busy = busyShare > BUSY_SHARE
  if (!openLoop) return busy
  return lateShare !== null && (lateShare > LATE_PACE_LOST || (busy && lateShare > LATE_TOLERATED))
}

/** What a reader of the figures has to know of the generator. */
export function generatorHealth(generator: {
  readonly lateShare: number | null
  readonly saturated: boolean
}): GeneratorHealth {
  if (generator.saturated) return 'saturated'
  return (generator.lateShare ?? 0) > LATE_TOLERATED ? 'late' : 'keeps up'
}
