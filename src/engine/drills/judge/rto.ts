import {isOpenLoop, type LoadPlan} from '../../plan/plan.js'
import type {RunResult} from '../../result/run-result.js'

type OutageOfRun = RunResult['outages'][number]

/** A connection fails after the fault, but may be noted a moment before the drill knows of the fault. */
export const FAULT_TOLERANCE_SECONDS = 0.05

/** One client's RTO; its three parts add up to `ms`. */
export interface ClientRto {
  /** Number of its connection. */
  readonly client: number
  /** From the fault to its next good reply; null when none came. */
  readonly ms: number | null
  /** From the fault until its connection failed; where that held, until its call was answered. */
  readonly detectionMs: number
  /** How its connection failed, such as `reset` or `call time-out`; `held`: it did not, but a call waited. */
  readonly how: string
  /** Until the start of the attempt that led to the reply: retries and delays of the client's policy. */
  readonly waitingMs: number | null
  /** From that attempt to the reply. */
  readonly connectMs: number | null
}

/** Whose outages give the RTO, and how closely. */
export interface RtoSource {
  readonly outages: RunResult['outages']
  /** The load's clients, or the drill's own beside a load that calls too rarely. */
  readonly by: 'load' | 'probes'
  /** Time between two calls of a client. */
  readonly resolutionMs: number
}

export interface DrillRto {
  /** Clients whose connection failed, or whose calls waited long. */
  readonly clients: number
  /** Clients that were never served again. */
  readonly never: number
  readonly min: number | null
  readonly p50: number | null
  readonly max: number | null
  readonly by: RtoSource['by']
  readonly resolutionMs: number
  /** The client of `p50`. */
  readonly median: ClientRto | null
  /** One that was never served again, else that of `max`. */
  readonly worst: ClientRto | null
  /** By the number of the connection. */
  readonly byClient: readonly ClientRto[]
}

interface RtoFacts extends RtoSource {
  /** Seconds from the start of the load, as all times of outages. */
  readonly fault: number
  /** Of a soak: the fault from which a time is counted. */
  readonly faultBefore: ((t: number) => number) | null
}

/** Outages that a fault may have caused: a wait must be longer than any before the fault. */
export function outagesSince(outages: RunResult['outages'], fault: number): RunResult['outages'] {
  const endOf = ({to}: OutageOfRun): number => to ?? Number.POSITIVE_INFINITY
  const heldBefore = outages.filter(outage => outage.failure === null && endOf(outage) <= fault)
  const usual = Math.max(0, ...heldBefore.map(outage => endOf(outage) - outage.failed))
  return outages.filter(outage =>
    outage.failure === null
      ? endOf(outage) > fault && endOf(outage) - outage.failed > usual
      : outage.failed >= fault - FAULT_TOLERANCE_SECONDS,
  )
}

/** RTO by client: its longest outage, from the fault before it or, when it was served since, from its last good reply. */
export function measureRto({outages, by, resolutionMs, fault, faultBefore}: RtoFacts): DrillRto {
  const longest = new Map<number, {outage: OutageOfRun; since: number; seconds: number}>()
  for (const outage of outagesSince(outages, fault)) {
    const {connection, failure, failed, from, to} = outage
    const before = longest.get(connection)
    const itsFault = faultBefore?.(failed) ?? fault
    const wasServed = from !== null && from > itsFault + FAULT_TOLERANCE_SECONDS
    // Such a call waits for something that came after the fault.
    if (failure === null && wasServed) continue
    const since = wasServed ? from : itsFault
    const seconds = to === null ? Number.POSITIVE_INFINITY : to - since
    if (before === undefined || seconds > before.seconds) longest.set(connection, {outage, since, seconds})
  }
  const byClient = [...longest.values()].map(({outage, since}) => splitOf(outage, since))
  const served = byClient.filter(({ms}) => ms !== null).toSorted((a, b) => a.ms! - b.ms!)
  const median = served[Math.floor((served.length - 1) / 2)] ?? null
  return {
    clients: byClient.length,
    never: byClient.length - served.length,
    min: served[0]?.ms ?? null,
    p50: median?.ms ?? null,
    max: served.at(-1)?.ms ?? null,
    by,
    resolutionMs,
    median,
    worst: byClient.find(({ms}) => ms === null) ?? served.at(-1) ?? null,
    byClient: byClient.toSorted((a, b) => a.client - b.client),
  }
}

function splitOf({connection, failed, failure, attempt, to}: OutageOfRun, since: number): ClientRto {
  const client = connection
  // Rounded from the fault on, so that the parts add up.
  const until = (t: number): number => Math.max(0, Math.round((t - since) * 1000))
  if (failure === null) {
    const heldMs = to === null ? until(failed) : until(to)
    const rest = to === null ? null : 0
    return {client, ms: to === null ? null : heldMs, detectionMs: heldMs, how: 'held', waitingMs: rest, connectMs: rest}
  }
  const detectionMs = until(failed)
  if (to === null) return {client, ms: null, detectionMs, how: failure, waitingMs: null, connectMs: null}
  const attemptedMs = Math.max(detectionMs, until(attempt ?? failed))
  const ms = Math.max(attemptedMs, until(to))
  return {
    client,
    ms,
    detectionMs,
    how: failure,
    waitingMs: attemptedMs - detectionMs,
    connectMs: ms - attemptedMs,
  }
}

/** Time between two calls of one client of a load; a closed loop has one under way at all times. */
export function callSpacingMs(plan: LoadPlan): number {
  return isOpenLoop(plan) ? Math.max(1, (plan.connections * 1000) / plan.ratePerSecond) : 1
}
