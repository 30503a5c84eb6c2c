/** Above this share of late calls the lateness shows in the percentiles. */
const LATE_TOLERATED = 0.01
/** Above this share of late calls the generator cannot keep its schedule. */
const LATE_PACE_LOST = 0.5
/** Above this share of busy time a thread has no spare time. */
const BUSY_SHARE = 0.95
/** Fewest calls for a meaningful share. */
const CALLS_LEAST = 100

/**
 * `late`: the generator had time to spare but got its core too late, because the
 * machine was busy with something else. `saturated`: the generator, not the
 * server, limited the rate.
 */
export type GeneratorHealth = 'keeps up' | 'late' | 'saturated'

/** Counts of calls of an open loop. */
export interface Lateness {
  readonly sent: number
  /** Late because no connection could take them when they were due. */
  readonly heldUp: number
  /** Late because of the generator itself. */
  readonly late: number
}

/** Share of the calls that the generator could have sent in time but sent late; null for too few calls. */
export function lateShareOf({sent, heldUp, late}: Lateness): number | null {
  const inItsHands = sent - heldUp
  return inItsHands < CALLS_LEAST ? null : late / inItsHands
}

/**
 * Whether the generator was the bottleneck: in a closed loop, when its busiest
 * thread had no spare time; in an open loop, when that made calls late, or when
 * most calls were late for any reason.
 * @param lateShare share of late calls; null when unknown
 * @param busyShare share of busy time of its busiest thread
 */
export function isSaturated(generator: {openLoop: boolean; lateShare: number | null; busyShare: number}): boolean {
  const {openLoop, lateShare, busyShare} = generator
  const busy = busyShare > BUSY_SHARE
  if (!openLoop) return busy
  return lateShare !== null && (lateShare > LATE_PACE_LOST || (busy && lateShare > LATE_TOLERATED))
}

/** Health of the generator, which readers of the figures must know. */
export function generatorHealth(generator: {
  readonly lateShare: number | null
  readonly saturated: boolean
}): GeneratorHealth {
  if (generator.saturated) return 'saturated'
  return (generator.lateShare ?? 0) > LATE_TOLERATED ? 'late' : 'keeps up'
}
