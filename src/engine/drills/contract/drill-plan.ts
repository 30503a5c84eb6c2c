import type {SizeDistribution} from '../../data/sizes.js'
import {clientPolicies, type PolicyFields, type PolicyName, planOfPolicy} from '../../plan/client-policies.js'
import {checkPlan, type LoadPlan} from '../../plan/plan.js'
import type {Drill} from './drill.js'

/** What an operator may change of a drill's load; undefined = the default. */
export interface DrillLoadSettings {
  /** Duration of a soak. */
  readonly soakSeconds?: number | undefined
  readonly rate?: number | undefined
  readonly conns?: number | undefined
  readonly keys?: number | undefined
  readonly sizes?: SizeDistribution | undefined
  readonly mix?: LoadPlan['mix'] | undefined
  /** Policy of the clients; the settings below override it. */
  readonly clientPolicy?: PolicyName | undefined
  /** Seconds. */
  readonly timeout?: number | undefined
  /** Seconds. */
  readonly connectTimeout?: number | undefined
  readonly retries?: number | undefined
  /** Seconds. */
  readonly retryDelay?: number | undefined
  /** Seconds for which the first node must answer before clients return to it. */
  readonly switchBack?: number | 'never' | undefined
  readonly threads?: number | undefined
  readonly seed?: number | undefined
}

/** Limit of the load, which the drill itself ends. */
const LENGTH_SECONDS = 3600

/** Time that a soak may take besides its duration. */
const MARGIN_SECONDS = 1800

/**
 * The plan of a drill's load: half reads, half writes, at a rate that any
 * machine keeps; every read is verified; clients fail over and come back.
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
    ...failoverPolicy(settings),
    threads: settings.threads ?? 1,
    seed: settings.seed ?? 1,
    prefill: true,
    verify: true,
    ...drill.plan,
  })
}

/** The named policy, overridden by single settings. */
function failoverPolicy(settings: DrillLoadSettings): PolicyFields {
  const {clientPolicy, timeout, retries, retryDelay, switchBack} = settings
  const named = planOfPolicy(clientPolicies[clientPolicy ?? 'repbench'])
  return {
    ...named,
    ...(timeout === undefined ? {} : {timeoutMs: timeout * 1000}),
    ...connectTimeoutOf(settings, named),
    ...(retries === undefined ? {} : {retries}),
    ...(retryDelay === undefined ? {} : {retryDelayMs: retryDelay * 1000, firstRetryDelayMs: null}),
    ...(switchBack === undefined ? {} : {switchBackMs: switchBack === 'never' ? null : switchBack * 1000}),
  }
}

/** In repbench's own policy the connect time-out follows the time-out of a call. */
function connectTimeoutOf(
  {clientPolicy, connectTimeout}: DrillLoadSettings,
  named: PolicyFields,
): Pick<PolicyFields, 'connectTimeoutMs'> {
  if (connectTimeout !== undefined) return {connectTimeoutMs: connectTimeout * 1000}
  return {connectTimeoutMs: clientPolicy === undefined || clientPolicy === 'repbench' ? null : named.connectTimeoutMs}
}
