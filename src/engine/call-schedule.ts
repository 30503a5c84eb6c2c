import type {Arrival, LoadPlan} from './plan.js'
import {Random} from './random.js'
import {RateCurve} from './rate-curve.js'
import {arrivalStream} from './workload.js'

/** Calls due this little before the end still belong to it: 3000 ms at 0.5 ms must not give 6001. */
const TOLERANCE = 1e-6

/** When the calls of one connection are to start. */
export class CallSchedule {
  /** When the connection is to be opened, in ms from the start of the load; 0 when all are open before it. */
  readonly openAtMs: number
  /** Calls of the connection in all; Infinity when only the end will tell. */
  readonly calls: number
  /** Calls so far. */
  taken = 0
  /** When the next call is due, in ms after the connection's own start; Infinity after the last. */
  nextMs: number
  /** When each call is due; asked for one after the other. */
  readonly #dueMs: (call: number) => number
  readonly #endMs: number

  constructor(parts: {openAtMs: number; calls: number; endMs: number; dueMs: (call: number) => number}) {
    this.openAtMs = parts.openAtMs
    this.calls = parts.calls
    this.#dueMs = parts.dueMs
    this.#endMs = parts.endMs
    this.nextMs = this.#next()
  }

  /** No call is left. */
  get exhausted(): boolean {
    return this.nextMs === Number.POSITIVE_INFINITY
  }

  /** The next call is on its way. */
  advance(): void {
    this.taken++
    this.nextMs = this.#next()
  }

  /** Gives up the rest of the schedule. @returns how many calls that are */
  abandon(): number {
    if (Number.isFinite(this.calls)) {
      this.nextMs = Number.POSITIVE_INFINITY
      return this.calls - this.taken
    }
    let rest = 0
    // Without an end of its own a closed loop means only what it sends.
    if (this.#endMs === Number.POSITIVE_INFINITY) this.nextMs = Number.POSITIVE_INFINITY
    for (; !this.exhausted; rest++) this.nextMs = this.#within(this.#dueMs(this.taken + rest + 1))
    return rest
  }

  #next(): number {
    return this.taken < this.calls ? this.#within(this.#dueMs(this.taken)) : Number.POSITIVE_INFINITY
  }

  #within(dueMs: number): number {
    return dueMs < this.#endMs ? dueMs : Number.POSITIVE_INFINITY
  }
}

/** The calls of connections that serve a list of work rather than a rate: share by share, none twice. */
export function scheduleOfShare(calls: number): CallSchedule {
  return new CallSchedule({openAtMs: 0, calls, endMs: Number.POSITIVE_INFINITY, dueMs: () => 0})
}

/**
 * The absolute schedule of connection number `index`.
 *
 * Opened before the start, the connections take turns: call g of the whole
 * load is due g / rate after the start, on connection g mod connections.
 * Opened at a rate, as mcperf does it, each begins when it is open. With
 * another arrival than the deterministic one each connection's spacing is
 * drawn around the same mean, from a stream of its own.
 */
export function scheduleOf(plan: LoadPlan, index: number): CallSchedule {
  const {connections, connectionsPerSecond, ratePerSecond, callsPerConnection} = plan
  const openAtMs = connectionsPerSecond === 0 ? 0 : (index * 1000) / connectionsPerSecond
  if (ratePerSecond === 0) return scheduleOfClosedLoop(openAtMs, callsPerConnection)
  const first = connectionsPerSecond === 0 ? index : 0
  const lengthMs = plan.durationSeconds === null ? Number.POSITIVE_INFINITY : plan.durationSeconds * 1000 - openAtMs
  const curve = plan.ratePhases === null ? null : new RateCurve(plan.ratePhases)
  const timeOf = curve === null ? (count: number) => (count * 1000) / ratePerSecond : (n: number) => curve.dueMs(n)
  if (plan.arrival === 'deterministic') {
    const operations = curve === null ? (lengthMs * ratePerSecond) / 1000 : curve.operations
    const within = Math.max(0, Math.ceil((operations - first) / connections - TOLERANCE))
    return new CallSchedule({
      openAtMs,
      calls: callsPerConnection ?? within,
      endMs: Number.POSITIVE_INFINITY,
      dueMs: call => timeOf(first + call * connections),
    })
  }
  const spacing = spacingOf(plan.arrival, new Random({seed: plan.seed, stream: arrivalStream(index)}).next)
  let count = 0
  const dueMs = (): number => {
    count += connections * spacing()
    return timeOf(count)
  }
  return new CallSchedule({openAtMs, calls: callsPerConnection ?? Number.POSITIVE_INFINITY, endMs: lengthMs, dueMs})
}

function scheduleOfClosedLoop(openAtMs: number, calls: number | null): CallSchedule {
  const endMs = Number.POSITIVE_INFINITY
  return new CallSchedule({openAtMs, calls: calls ?? Number.POSITIVE_INFINITY, endMs, dueMs: () => 0})
}

/** Draws with a mean of 1. */
function spacingOf(arrival: Exclude<Arrival, 'deterministic'>, random: () => number): () => number {
  switch (arrival) {
    case 'uniform':
      return () => 2 * random()
    case 'exponential':
      return () => -Math.log(1 - random())
  }
}
