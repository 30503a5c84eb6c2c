import {checkPlan, type LoadPlan} from '../plan.js'
import type {SizeDistribution} from '../sizes.js'
import type {Drill} from './drill.js'

/** What an operator may change of a drill's load; undefined = the usual. */
export interface DrillLoadSettings {
  /** How long the faults of a soak go on. */
  readonly soakSeconds?: number | undefined
  readonly rate?: number | undefined
  readonly conns?: number | undefined
  readonly keys?: number | undefined
  readonly sizes?: SizeDistribution | undefined
  readonly mix?: LoadPlan['mix'] | undefined
  /** Seconds. */
  readonly timeout?: number | undefined
  /** Seconds. */
  readonly connectTimeout?: number | undefined
  readonly retries?: number | undefined
  /** Seconds. */
  readonly retryDelay?: number | undefined
  /** Seconds for which the first node has to answer again. */
  readonly switchBack?: number | 'never' | undefined
  readonly threads?: number | undefined
  readonly seed?: number | undefined
}

/** The drill ends its load; this is only so that it ends where even that fails. */
const LENGTH_SECONDS = 3600

/** What a drill may take besides the faults of a soak. */
const MARGIN_SECONDS = 1800

/**
 * The load of a drill: half reads, half writes, at a rate that any machine
 * keeps, every read checked, clients that fail over and come back.
 * @throws PlanError for settings that do not go together
 */
export function drillPlan(drill: Drill, settings: DrillLoadSettings = {}): LoadPlan {
  return checkPlan({
    name: `drill-${drill.name}`,
    mix: settings.mix ?? [
      {method: 'set', weight: 1},
      {method: 'get', weight: 1},
    ],
    connections: settings.conns ?? 20,
    connectionsPerSecond: 0,
    callsPerConnection: null,
    durationSeconds: Math.max(LENGTH_SECONDS, (settings.soakSeconds ?? 0) + MARGIN_SECONDS),
    ratePerSecond: settings.rate ?? 2000,
    sizes: settings.sizes ?? {kind: 'uniform', minBytes: 100, maxBytes: 1000},
    keyPrefix: 'drill:',
    keyCount: settings.keys ?? 10_000,
    keyDistribution: {kind: 'uniform'},
    valueBytes: 'random',
    timeoutMs: (settings.timeout ?? 1) * 1000,
    ...failoverPolicy(settings),
    threads: settings.threads ?? 1,
    seed: settings.seed ?? 1,
    prefill: true,
    verify: true,
    ...drill.plan,
  })
}

type Policy = 'failover' | 'connectTimeoutMs' | 'retries' | 'retryDelayMs' | 'switchBackMs'

function failoverPolicy(settings: DrillLoadSettings): Pick<LoadPlan, Policy> {
  const {connectTimeout, retries = 0, retryDelay, switchBack = 0} = settings
  return {
    failover: true,
    connectTimeoutMs: connectTimeout === undefined ? null : connectTimeout * 1000,
    retries,
    retryDelayMs: retryDelay === undefined ? null : retryDelay * 1000,
    switchBackMs: switchBack === 'never' ? null : switchBack * 1000,
  }
}
