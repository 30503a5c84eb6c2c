import {PlanError} from '../engine/errors.js'
import {checkPlan, type LoadPlan} from '../engine/plan.js'
import type {Profile} from '../engine/profiles/registry.js'
import type {SizeDistribution} from '../engine/sizes.js'
import {UsageError} from './errors.js'
import type {Mix} from './load-options.js'

/** What the command line may change of a profile; undefined = as the profile has it. */
export interface LoadOptions {
  readonly profile: Profile
  readonly rate?: number
  readonly conns?: number
  readonly connRate?: number
  readonly calls?: number
  /** Seconds. */
  readonly duration?: number
  readonly sizes?: SizeDistribution
  readonly method?: Mix
  readonly mix?: Mix
  readonly keys?: number
  readonly prefix?: string
  /** Seconds. */
  readonly timeout?: number
  readonly threads?: number | 'auto'
  readonly seed?: number
}

/**
 * Resolves a profile and the options given with it.
 * @throws UsageError when they do not go together
 */
export function planFromOptions(options: LoadOptions, {cpuCount}: {cpuCount: number}): LoadPlan {
  const base = options.profile.plan
  const connections = options.conns ?? base.connections
  const length =
    options.calls === undefined && options.duration === undefined
      ? {callsPerConnection: base.callsPerConnection, durationSeconds: base.durationSeconds}
      : {callsPerConnection: options.calls ?? null, durationSeconds: options.duration ?? null}
  // One core is left to the server and to this program's own thread.
  const automatic = Math.max(1, Math.min(cpuCount - 1, connections))
  try {
    return checkPlan({
      ...base,
      ...length,
      mix: options.mix ?? options.method ?? base.mix,
      connections,
      connectionsPerSecond: options.connRate ?? base.connectionsPerSecond,
      ratePerSecond: options.rate ?? base.ratePerSecond,
      sizes: options.sizes ?? base.sizes,
      keyPrefix: options.prefix ?? base.keyPrefix,
      keyCount: options.keys ?? base.keyCount,
      timeoutMs: options.timeout === undefined ? base.timeoutMs : options.timeout * 1000,
      threads: options.threads === 'auto' ? automatic : (options.threads ?? base.threads),
      seed: options.seed ?? base.seed,
    })
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(error.message, {cause: error})
    throw error
  }
}
