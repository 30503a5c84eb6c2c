import {Random} from '../data/random.js'
import type {Arrival, LoadPlan} from '../plan/plan.js'
import {Pace} from './pace.js'
import {arrivalStream} from './workload.js'

/** Calls due this little before the end are left out: 3000 ms at 0.5 ms must not give 6001. */
const TOLERANCE = 1e-6

interface CallScheduleOptions {
  readonly openAtMs: number
  /** When each operation of the load is due; null in a closed loop. */
  readonly pace: Pace | null
  /** Which operation of the load a call of this connection is; asked in order, the last call perhaps twice. */
  readonly countOf: (call: number) => number
  /** Calls of the connection in all; Infinity when the number is not known in advance. */
  readonly callsOf: () => number
  readonly endMs: number
}

/** Schedule of one connection: when each of its calls is due. */
export class CallSchedule {
  /** When to open the connection, in ms from the start of the load; 0 when all are opened before it. */
  readonly openAtMs: number
  /** Calls of the connection in all; Infinity when the number is not known in advance. */
  calls: number
  /** Calls sent so far. */
  taken = 0
  /** When the next call is due, in ms after the connection's own start; Infinity after the last. */
  nextMs: number
  readonly #pace: Pace | null
  readonly #countOf: (call: number) => number
  readonly #callsOf: () => number
  readonly #endMs: number
  #abandoned = false

  constructor({openAtMs, pace, countOf, callsOf, endMs}: CallScheduleOptions) {
    this.openAtMs = openAtMs
    this.calls = callsOf()
    this.#pace = pace
    this.#countOf = countOf
    this.#callsOf = callsOf
    this.#endMs = endMs
    this.nextMs = this.#next()
  }

  /** No call is left. */
  get exhausted(): boolean {
    return this.nextMs === Number.POSITIVE_INFINITY
  }

  /** Calls not sent yet; 0 when the number is not known: then only calls that were sent were intended. */
  get left(): number {
    return this.exhausted || !Number.isFinite(this.calls) ? 0 : this.calls - this.taken
  }

  /** The next call was sent. */
  advance(): void {
    this.taken++
    this.nextMs = this.#next()
  }

  /**
   * Changes the rate of the load from a moment on; calls due before it keep their times.
   * @param atMs after the connection's own start; before it: from its start on
   */
  changeRate(ratePerSecond: number, atMs: number): void {
    if (this.#pace === null || this.#abandoned) return
    this.#pace.change(ratePerSecond, atMs)
    this.calls = Math.max(this.taken, this.#callsOf())
    this.nextMs = this.#next()
  }

  /** Drops the rest of the schedule. @returns the number of calls dropped */
  abandon(): number {
    this.#abandoned = true
    if (Number.isFinite(this.calls)) {
      this.nextMs = Number.POSITIVE_INFINITY
      return this.calls - this.taken
    }
    let rest = 0
    // A closed loop without an end intends only what it sends.
    if (this.#endMs === Number.POSITIVE_INFINITY) this.nextMs = Number.POSITIVE_INFINITY
    for (; !this.exhausted; rest++) this.nextMs = this.#dueMs(this.taken + rest + 1)
    return rest
  }

  #next(): number {
    return this.taken < this.calls ? this.#dueMs(this.taken) : Number.POSITIVE_INFINITY
  }

  #dueMs(call: number): number {
    const count = this.#countOf(call)
    const dueMs = this.#pace === null ? 0 : this.#pace.dueMs(count)
    return dueMs < this.#endMs ? dueMs : Number.POSITIVE_INFINITY
  }
}

/** Schedule of a connection that makes a fixed number of calls in a closed loop, as in a prefill. */
export function scheduleOfShare(calls: number): CallSchedule {
  return scheduleOfClosedLoop(0, calls)
}

/**
 * The absolute schedule of connection number `index`.
 *
 * Connections that are opened before the start take turns: call g of the load
 * is due g / rate after the start, on connection g mod connections. Opened at a
 * rate, as by mcperf, each begins when it is open. With an arrival other than
 * deterministic each connection draws its spacing, with the same mean, from its
 * own random stream.
 */
export function scheduleOf(plan: LoadPlan, index: number): CallSchedule {
  const {connections, connectionsPerSecond, ratePerSecond, callsPerConnection} = plan
  const openAtMs = connectionsPerSecond === 0 ? 0 : (index * 1000) / connectionsPerSecond
  if (ratePerSecond === 0) return scheduleOfClosedLoop(openAtMs, callsPerConnection)
  const first = connectionsPerSecond === 0 ? index : 0
  const lengthMs = plan.durationSeconds === null ? Number.POSITIVE_INFINITY : plan.durationSeconds * 1000 - openAtMs
  const pace = new Pace(plan)
  if (plan.arrival === 'deterministic') {
    const within = () => Math.max(0, Math.ceil((pace.operationsBy(lengthMs) - first) / connections - TOLERANCE))
    return new CallSchedule({
      openAtMs,
      pace,
      countOf: call => first + call * connections,
      callsOf: callsPerConnection === null ? within : () => callsPerConnection,
      endMs: Number.POSITIVE_INFINITY,
    })
  }
  return new CallSchedule({
    openAtMs,
    pace,
    countOf: drawnCounts(plan, index),
    callsOf: () => callsPerConnection ?? Number.POSITIVE_INFINITY,
    endMs: lengthMs,
  })
}

function scheduleOfClosedLoop(openAtMs: number, calls: number | null): CallSchedule {
  return new CallSchedule({
    openAtMs,
    pace: null,
    countOf: call => call,
    callsOf: () => calls ?? Number.POSITIVE_INFINITY,
    endMs: Number.POSITIVE_INFINITY,
  })
}

/** The last draw is kept: a change of the rate asks for the same call again. */
function drawnCounts({arrival, connections, seed}: LoadPlan, index: number): (call: number) => number {
  const spacing = spacingOf(arrival, new Random({seed, stream: arrivalStream(index)}).next)
  let count = 0
  let drawn = -1
  return call => {
    for (; drawn < call; drawn++) count += connections * spacing()
    return count
  }
}

/** Draws spacings with a mean of 1. */
function spacingOf(arrival: Arrival, random: () => number): () => number {
  switch (arrival) {
    case 'deterministic':
      return () => 1
    case 'uniform':
      return () => 2 * random()
    case 'exponential':
      return () => -Math.log(1 - random())
  }
}
