import type {Assertion} from '../../engine/assertions/assertion.js'
import {formatSizes} from '../../engine/data/sizes.js'
import {SOAK_FAULTS} from '../../engine/drills/contract/drill.js'
import {type DrillLoadChanges, drillDefaults} from '../../engine/drills/contract/drill-plan.js'
import {type DrillTiming, defaultTiming} from '../../engine/drills/contract/drill-timing.js'
import {drillMeasures} from '../../engine/drills/judge/drill-measures.js'
import type {DrillResult} from '../../engine/drills/judge/drill-result.js'
import {clientPolicies, type PolicyName, policyNames} from '../../engine/plan/client-policies.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import type {Address} from '../../protocol/address.js'
import {pairTopologies} from '../../server/topology/topology-plans.js'
import {formatDuration, formatMix} from '../load-settings/notation.js'
import {readRate} from '../load-settings/rate-readers.js'
import {
  integerReader,
  readLength,
  readMix,
  readRetryDelay,
  readSizes,
  readSwitchBack,
  readTimeout,
} from '../load-settings/readers.js'
import {assertionReader} from '../options/assertions.js'
import {addServer, readDuration, readInteger} from '../options/option-readers.js'
import {type CommandValues, changesOf, type OptionSpec, type OptionValues} from '../options/option-spec.js'

/** Instead of a client policy: the drill is run once with each. */
export const ALL_POLICIES = 'all'

/** An option of `repbench drill`, and a field of its form unless it says otherwise. */
export interface DrillOption<Value> extends OptionSpec<Value> {
  /** What it changes of the drill's load. */
  sets?(value: Value): DrillLoadChanges
  /** The field of the plan that it changes; a drill whose own plan has it leaves nothing to choose. */
  readonly planField?: keyof LoadPlan
  /** The time that it changes, in seconds on the command line. */
  readonly time?: keyof DrillTiming
  /** Has no meaning for a drill with one fault. */
  readonly soakOnly?: boolean
  /** No field of the form: the screen itself chooses it, or the history keeps it. */
  readonly commandOnly?: boolean
}

const valued = <Value>(option: DrillOption<Value> & {readonly value: string}): DrillOption<Value> => option
const onOff = (option: DrillOption<true>): DrillOption<true> => option

const time = (name: keyof DrillTiming, summary: string): DrillOption<number> & {value: string} => ({
  value: '<D>',
  summary,
  default: formatDuration(defaultTiming[name] / 1000),
  read: readDuration,
  time: name,
})

const ownPolicy = clientPolicies[drillDefaults.clientPolicy]

/** Every option of `repbench drill`, in the order of its help. A new one = one entry; the defaults are the engine's. */
export const drillOptions = {
  list: onOff({summary: 'list the drills', commandOnly: true}),
  topology: valued<string>({
    value: '<name>',
    summary: 'the pair to drill: launched for the drill, ended after it; repcached and mixed need the C program',
    default: 'pair',
    choices: pairTopologies,
    conflicts: ['server'],
    group: 'Pair',
  }),
  server: valued<readonly Address[]>({
    value: '<host:port>',
    summary: 'use a running pair (give it twice); only for drills that do not stop or cut nodes',
    read: addServer,
    commandOnly: true,
  }),
  rate: valued({
    value: '<R>',
    summary: 'operations per second of the load, such as 2000 or 20k',
    default: String(drillDefaults.ratePerSecond),
    read: readRate,
    sets: ratePerSecond => ({ratePerSecond}),
    planField: 'ratePerSecond',
    group: 'Load',
  }),
  conns: valued({
    value: '<N>',
    summary: 'connections of the load',
    default: String(drillDefaults.connections),
    read: integerReader('connections'),
    sets: connections => ({connections}),
    planField: 'connections',
  }),
  keys: valued({
    value: '<N>',
    summary: 'number of keys that are written and read',
    default: String(drillDefaults.keyCount),
    read: integerReader('keys'),
    sets: keyCount => ({keyCount}),
    planField: 'keyCount',
  }),
  sizes: valued({
    value: '<S>',
    summary: 'bytes of values',
    default: formatSizes(drillDefaults.sizes),
    read: readSizes,
    sets: sizes => ({sizes}),
    planField: 'sizes',
  }),
  mix: valued({
    value: '<M:W,…>',
    summary: 'commands by weight',
    default: formatMix(drillDefaults.mix),
    read: readMix,
    sets: mix => ({mix}),
    planField: 'mix',
  }),
  timeout: valued({
    value: '<D>',
    summary: 'time limit per call; the connection is closed when it passes',
    default: textOfMs(ownPolicy.timeoutMs),
    read: readTimeout,
    sets: seconds => ({timeoutMs: seconds * 1000}),
    planField: 'timeoutMs',
  }),
  seed: valued({
    value: '<N>',
    summary: "random seed, also for soak's faults",
    default: String(drillDefaults.seed),
    read: integerReader('seed'),
    sets: seed => ({seed}),
    planField: 'seed',
  }),
  'client-policy': valued<PolicyName | typeof ALL_POLICIES>({
    value: '<name>',
    summary: `client library whose defaults apply; other options change them; ${ALL_POLICIES}: the drill once with each`,
    hint: 'client library whose defaults apply; the fields below and the time-out change them',
    default: drillDefaults.clientPolicy,
    choices: [...policyNames, ALL_POLICIES],
    formChoices: policyNames,
    group: 'Clients: how they fail over',
  }),
  'connect-timeout': valued({
    value: '<D>',
    summary: 'time limit for opening a connection',
    defaultWords: 'as --timeout',
    read: readTimeout,
    sets: seconds => ({connectTimeoutMs: seconds * 1000}),
  }),
  retries: valued({
    value: '<N>',
    summary: 'extra attempts at the same node before failing over',
    default: String(ownPolicy.retries),
    read: integerReader('retries'),
    sets: retries => ({retries}),
  }),
  'retry-delay': valued({
    value: '<D>',
    summary: 'between attempts at one node',
    defaultWords: '10ms, then longer and longer, up to 500ms',
    read: readRetryDelay,
    sets: seconds => ({retryDelayMs: seconds * 1000}),
  }),
  'switch-back': valued({
    value: '<D>',
    summary: 'return to the first node after it has answered for D, or never',
    default: textOfMs(ownPolicy.switchBackMs),
    defaultWords: `${textOfMs(ownPolicy.switchBackMs)}, at once`,
    read: readSwitchBack,
    sets: seconds => ({switchBackMs: seconds === 'never' ? null : seconds * 1000}),
  }),
  before: valued({...time('beforeMs', 'load before the fault'), group: 'Times'}),
  hold: time('holdMs', 'how long the fault lasts, until the operator acts'),
  settle: time('settleLimitMs', 'how long the pair may take to recover'),
  after: time('afterMs', 'load after the recovery'),
  duration: valued({
    value: '<D>',
    summary: 'soak: how long faults follow each other, such as 10m',
    read: readLength,
    soakOnly: true,
    group: 'Faults: drawn from the seed, each undone before the next',
  }),
  faults: valued({
    value: '<N>',
    summary: 'soak: number of faults',
    defaultWords: `${SOAK_FAULTS}, unless there is a duration`,
    read: text => readInteger({text, what: 'a number of faults', min: 1, max: 1_000_000}),
    soakOnly: true,
  }),
  assert: valued<readonly Assertion<DrillResult>[]>({
    value: '<expr>',
    summary: 'an assertion, such as "rto<2s", "lost==0" or "paired"; replaces the drill’s own (repeatable)',
    read: assertionReader(drillMeasures),
    commandOnly: true,
  }),
  repeat: valued({
    value: '<N>',
    summary: 'repeat N times, each time with new nodes; the report has the spread',
    default: '1',
    read: text => readInteger({text, what: 'a number of repetitions', min: 1, max: 1000}),
    group: 'Report',
  }),
  findings: valued<string>({
    value: '<file>',
    summary: 'write each wrong key (lost, stale, diverged …) to a file, as JSON lines',
  }),
  json: onOff({summary: 'the report as one JSON document', commandOnly: true}),
  out: valued<string>({value: '<file>', summary: 'write the JSON document to a file as well', commandOnly: true}),
} satisfies Readonly<Record<string, DrillOption<never> | DrillOption<unknown>>>

/** As the command line has them. */
export type DrillCommandValues = CommandValues<typeof drillOptions>

/** As the form has them. */
export type DrillSettings = OptionValues<typeof drillOptions>

/** What the options change of the drill's load. */
export function loadChanges(given: DrillSettings): DrillLoadChanges {
  return changesOf<DrillLoadChanges>(drillOptions, given)
}

/** The times of a drill; what was not given is as usual. */
export function timingOf(given: DrillSettings): DrillTiming {
  const changed = Object.entries(drillOptions).flatMap(([name, option]: [string, DrillOption<unknown>]) => {
    const seconds = given[name as keyof DrillSettings]
    return option.time === undefined || typeof seconds !== 'number' ? [] : [[option.time, seconds * 1000]]
  })
  return {...defaultTiming, ...Object.fromEntries(changed)}
}

function textOfMs(ms: number | null): string {
  return ms === null ? 'none' : formatDuration(ms / 1000)
}
