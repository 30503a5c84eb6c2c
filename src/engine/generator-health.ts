/** With more late calls than this, the lateness shows in the percentiles that people read. */
const LATE_TOLERATED = 0.01
/** With more late calls than this, the schedule is lost, not jittered. */
const LATE_PACE_LOST = 0.5
/** A thread that is busier than this has no time to spare. */
const BUSY_SHARE = 0.95

/**
 * `late`: with time to spare on its core, the generator got the core too late
 * for its calls, because the machine was busy with something else.
 * `saturated`: the generator, not the server, set the pace.
 */
export type GeneratorHealth = 'keeps up' | 'late' | 'saturated'

/**
 * Whether the generator was the bottleneck: in a closed loop, when it is as
 * fast as it can go; in an open loop, when that made it late, or when it was
 * late with most calls, whoever had its core.
 * @param lateShare of the calls; null in a closed loop
 * @param busyShare of its busiest thread, of the time that passed
 */
export function isSaturated({lateShare, busyShare}: {lateShare: number | null; busyShare: number}): boolean {
  const busy = busyShare > BUSY_SHARE
  if (lateShare === null) return busy
  return lateShare > LATE_PACE_LOST || (busy && lateShare > LATE_TOLERATED)
}

/** What a reader of the figures has to know of the generator. */
export function generatorHealth(generator: {
  readonly lateShare: number | null
  readonly saturated: boolean
}): GeneratorHealth {
  if (generator.saturated) return 'saturated'
  return (generator.lateShare ?? 0) > LATE_TOLERATED ? 'late' : 'keeps up'
}
