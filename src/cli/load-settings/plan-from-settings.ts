import {type LoadPlan, type PlanDraft, planSchema} from '../../engine/plan/plan.js'
import {UsageError} from '../app/errors.js'
import {changesOf} from '../options/option-spec.js'
import {assertAgreement, SettingError, type Spelling} from './contradictions.js'
import {describeSettings} from './describe-settings.js'
import {type LoadSettings, loadOptions, type SettingName} from './load-options.js'
import {totalCalls, totalSeconds} from './rate-phases.js'

interface PlanParts {
  readonly base: LoadPlan
  readonly given: LoadSettings
  readonly spell: Spelling
  /** Of this machine, for `threads: auto`. */
  readonly cpuCount: number
  /** Unless it is to have the name of its base. */
  readonly name?: string
}

/**
 * Resolves a profile's plan and the settings that change it.
 * @throws UsageError when they do not go together
 */
export function planFromSettings({base, given, spell, cpuCount, name = base.name}: PlanParts): LoadPlan {
  assertAgreement(given, spell)
  assertLengthIsFree(base, given, spell)
  const draft = {
    ...base,
    name,
    ...resolvePace(base, given),
    ...changesOf<PlanDraft>(loadOptions, given),
    threads: resolveThreads({base, given, cpuCount}),
  } satisfies PlanDraft
  assertSense(draft, given, spell)
  const parsed = planSchema.safeParse(draft)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const setting = settingOf(issue!.path[0], given)
  if (setting === undefined) throw new UsageError(`Bad load: ${issue!.path.join('.')}: ${issue!.message}`)
  const got = describeSettings(draft).find(([name]) => name === setting)?.[1]
  throw new SettingError(setting, `${issue!.message}${got === undefined ? '' : `, got ${got}`}`)
}

/** What a field of the plan is called among the settings. */
function settingOf(field: PropertyKey | undefined, given: LoadSettings): SettingName | undefined {
  const names: Readonly<Record<string, SettingName>> = {
    mix: given.method === undefined ? 'mix' : 'method',
    connections: 'conns',
    sizes: 'sizes',
    keyCount: 'keys',
    noreply: 'noreply',
    threads: 'threads',
    ratePhases: given.ramp === undefined ? 'steps' : 'ramp',
    callsPerConnection: 'calls',
  }
  return names[String(field)]
}

type Pace =
  | 'ratePerSecond'
  | 'ratePhases'
  | 'arrival'
  | 'pipeline'
  | 'connectionsPerSecond'
  | 'callsPerConnection'
  | 'durationSeconds'

/** How fast and how long. What is given replaces all that says the same in the base. */
function resolvePace(base: LoadPlan, given: LoadSettings): Pick<LoadPlan, Pace> {
  const arrival = given.arrival ?? base.arrival
  const connectionsPerSecond = given['conn-rate'] ?? base.connectionsPerSecond
  const ratePhases = given.ramp ?? given.steps
  if (ratePhases !== undefined) {
    const durationSeconds = totalSeconds(ratePhases)
    const ratePerSecond = totalCalls(ratePhases) / durationSeconds
    return {
      ratePhases: [...ratePhases],
      ratePerSecond,
      durationSeconds,
      connectionsPerSecond: 0,
      callsPerConnection: null,
      arrival,
      pipeline: 1,
    }
  }
  const rest =
    given.calls === undefined && given.duration === undefined
      ? {connectionsPerSecond, callsPerConnection: base.callsPerConnection, durationSeconds: base.durationSeconds}
      : {connectionsPerSecond, callsPerConnection: given.calls ?? null, durationSeconds: given.duration ?? null}
  if (given.rate !== undefined && given.rate > 0) {
    return {ratePhases: null, ratePerSecond: given.rate, arrival, pipeline: 1, ...rest}
  }
  if (given.rate === 0 || given.pipeline !== undefined) {
    const pipeline = given.pipeline ?? base.pipeline
    return {ratePhases: null, ratePerSecond: 0, arrival: 'deterministic', pipeline, ...rest}
  }
  const {ratePerSecond, pipeline} = base
  return {ratePhases: base.ratePhases, ratePerSecond, arrival, pipeline, ...rest}
}

function resolveThreads({base, given, cpuCount}: Pick<PlanParts, 'base' | 'given' | 'cpuCount'>): number {
  const connections = given.conns ?? base.connections
  if (given.threads === undefined) return Math.min(base.threads, connections)
  // One core is left to the server and to this program's own thread.
  return given.threads === 'auto' ? Math.max(1, Math.min(cpuCount - 1, connections)) : given.threads
}

/** What a base's ramp or steps say themselves. */
function assertLengthIsFree(base: LoadPlan, given: LoadSettings, spell: Spelling): void {
  const length = (['duration', 'calls', 'conn-rate'] as const).find(name => given[name] !== undefined)
  if (base.ratePhases === null || length === undefined) return
  if (given.rate !== undefined || given.pipeline !== undefined) return
  const seconds = totalSeconds(base.ratePhases)
  throw new SettingError(
    length,
    `Expected no ${spell(length)} without ${spell('rate')} or ${spell('pipeline')}: ` +
      `profile ${base.name} changes its rate for ${seconds} s, for all connections`,
  )
}

/** Settings that the rest of the load leaves without effect. */
function assertSense(
  draft: Pick<LoadPlan, 'ratePerSecond' | 'keyCount' | 'mix' | 'failover' | 'reconnect'>,
  given: LoadSettings,
  spell: Spelling,
): void {
  const fail = (setting: SettingName, expected: string, got: string) => {
    throw new SettingError(setting, `Expected ${expected} with ${spell(setting)}, got ${got}`)
  }
  const isOn = (name: SettingName) => given[name] !== undefined && given[name] !== false
  if (given.arrival !== undefined && draft.ratePerSecond === 0) {
    fail('arrival', `${spell('rate')} above 0`, 'a closed loop, whose calls wait for replies')
  }
  const keyed = (['key-dist', 'hit-ratio', 'prefill', 'verify'] as const).find(
    name => isOn(name) && !(name === 'key-dist' && given[name]?.kind === 'sequential'),
  )
  if (keyed !== undefined && draft.keyCount === null) {
    fail(keyed, spell('keys'), 'a load whose every call has a key of its own')
  }
  const policy = (['retries', 'switch-back'] as const).find(name => given[name] !== undefined)
  if (policy !== undefined && !draft.failover) fail(policy, spell('failover'), 'connections that go nowhere else')
  if (given['retry-delay'] !== undefined && !draft.failover && !draft.reconnect) {
    fail('retry-delay', `${spell('failover')} or ${spell('reconnect')}`, 'connections that are not opened again')
  }
  const reading = (['hit-ratio', 'multiget'] as const).find(isOn)
  const reads = draft.mix.some(({method}) => method === 'get' || method === 'gets')
  if (reading !== undefined && !reads) {
    fail(reading, 'get or gets in the mix', draft.mix.map(({method}) => method).join(', '))
  }
}
