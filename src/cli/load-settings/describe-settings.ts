import {formatSizes, type SizeDistribution} from '../../engine/data/sizes.js'
import type {LoadPlan, RatePhase} from '../../engine/plan/plan.js'
import {formatKeyDistribution} from './key-distribution.js'
import {formatDuration, formatRate, formatShare} from './notation.js'
import {formatPhases} from './rate-phases.js'
import type {Mix} from './readers.js'
import {type SettingName, settingNames} from './settings.js'

/** Any plan, checked or not. */
type DescribedPlan = Omit<LoadPlan, 'sizes' | 'ratePhases' | 'mix'> & {
  readonly sizes: SizeDistribution
  readonly ratePhases: readonly RatePhase[] | null
  readonly mix: Mix
}

type SettingText = string | number | boolean

/**
 * A plan as the settings that make it, in their notation and order: what an
 * operator would write in a profile file. What is off or as usual is left out.
 */
export function describeSettings(plan: DescribedPlan): readonly (readonly [SettingName, SettingText])[] {
  const texts: Readonly<Record<SettingName, SettingText | null>> = {
    ...describePace(plan),
    conns: plan.connections,
    'conn-rate': plan.connectionsPerSecond === 0 ? null : formatRate(plan.connectionsPerSecond),
    warmup: plan.warmupSeconds === 0 ? null : formatDuration(plan.warmupSeconds),
    prefill: plan.prefill || null,
    method: plan.mix.length === 1 ? plan.mix[0]!.method : null,
    mix: plan.mix.length === 1 ? null : plan.mix.map(({method, weight}) => `${method}:${weight}`).join(','),
    sizes: formatSizes(plan.sizes),
    values: plan.valueBytes,
    keys: plan.keyCount,
    'key-dist': plan.keyDistribution.kind === 'sequential' ? null : formatKeyDistribution(plan.keyDistribution),
    'hit-ratio': plan.hitRatio === null ? null : formatShare(plan.hitRatio),
    prefix: plan.keyPrefix,
    multiget: plan.multigetKeys === 1 ? null : plan.multigetKeys,
    ttl: plan.ttlSeconds === 0 ? null : formatDuration(plan.ttlSeconds),
    noreply: plan.noreply || null,
    verify: plan.verify || null,
    timeout: formatDuration(plan.timeoutMs / 1000),
    reconnect: plan.reconnect || null,
    failover: plan.failover || null,
    'connect-timeout': plan.connectTimeoutMs === null ? null : formatDuration(plan.connectTimeoutMs / 1000),
    retries: plan.retries === 0 ? null : plan.retries,
    'retry-delay': plan.retryDelayMs === null ? null : formatDuration(plan.retryDelayMs / 1000),
    'switch-back': describeSwitchBack(plan),
    threads: plan.threads,
    seed: plan.seed,
  }
  return settingNames.flatMap(name => {
    const text = texts[name]
    return text === null ? [] : [[name, text] as const]
  })
}

function describeSwitchBack({switchBackMs}: DescribedPlan): SettingText | null {
  if (switchBackMs === null) return 'never'
  return switchBackMs === 0 ? null : formatDuration(switchBackMs / 1000)
}

type PaceSetting = 'rate' | 'arrival' | 'ramp' | 'steps' | 'pipeline' | 'calls' | 'duration'

function describePace(plan: DescribedPlan): Readonly<Record<PaceSetting, SettingText | null>> {
  const phases = plan.ratePhases === null ? null : formatPhases(plan.ratePhases)
  return {
    rate: phases === null ? formatRate(plan.ratePerSecond) : null,
    arrival: plan.arrival === 'deterministic' ? null : plan.arrival,
    ramp: phases !== null && 'ramp' in phases ? phases.ramp : null,
    steps: phases !== null && 'steps' in phases ? phases.steps : null,
    pipeline: plan.pipeline === 1 ? null : plan.pipeline,
    calls: plan.callsPerConnection,
    duration: plan.durationSeconds === null || phases !== null ? null : formatDuration(plan.durationSeconds),
  }
}
