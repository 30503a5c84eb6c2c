import {methodNames} from '../../engine/data/methods.js'
import {formatSizes} from '../../engine/data/sizes.js'
import {arrivalNames, type PlanDraft} from '../../engine/plan/plan.js'
import type {OptionSpec, OptionValues} from '../options/option-spec.js'
import {paceOf, type SettingText} from './described-plan.js'
import {count, duration, flag, rate, text, weight} from './json-notations.js'
import {formatKeyDistribution, readKeyDistribution} from './key-distribution.js'
import {formatDuration, formatMix, formatRate, formatShare} from './notation.js'
import {readRamp, readSteps} from './rate-phases.js'
import {readConnectionRate, readRate} from './rate-readers.js'
import {
  integerReader,
  readArrival,
  readLength,
  readMethod,
  readMix,
  readPrefix,
  readRetryDelay,
  readShare,
  readSizes,
  readSwitchBack,
  readThreads,
  readTimeout,
  readTtl,
  readValueBytes,
  readWarmup,
  valueKinds,
} from './readers.js'

/** One setting of a load: an option of `repbench load`, a field of its form and a key of profile files, in one notation. */
export interface LoadOption<Value> extends OptionSpec<Value> {
  readonly example: string
  /** How profile files write it, as a JSON schema for editors. The reader is what decides. */
  readonly json: object
  /** What it changes of a plan; absent: planFromSettings() resolves it together with others. */
  sets?(value: Value): Partial<PlanDraft>
  /** What it is in a plan, in its notation; null where the plan has none. */
  of(plan: PlanDraft): SettingText | null
}

type ValuedOption<Value> = LoadOption<Value> & Required<Pick<LoadOption<Value>, 'value' | 'read'>>

const valued = <Value>(option: ValuedOption<Value>): LoadOption<Value> => option
/** What a profile turns on, `--no-…` turns off. */
const onOff = (option: Omit<LoadOption<boolean>, 'default' | 'example' | 'json'>): LoadOption<boolean> => ({
  ...option,
  default: 'off',
  example: 'true',
  json: flag,
})

/**
 * Every setting, in the order in which help, forms and files list them. A new one = one entry. The defaults are
 * those of a plan that says nothing of it; what has none is in every profile.
 */
export const loadOptions = {
  rate: valued({
    value: '<R>',
    summary: 'operations per second in all, such as 50k; 0 = closed loop, as fast as replies come',
    group: 'How fast and how long',
    example: '50k',
    json: rate,
    read: readRate,
    of: plan => paceOf(plan).rate,
  }),
  arrival: valued({
    value: '<A>',
    summary: 'spacing of calls: deterministic, uniform or exponential',
    default: 'deterministic',
    choices: arrivalNames,
    example: 'exponential',
    json: {enum: arrivalNames},
    read: readArrival,
    of: plan => plan.arrival,
  }),
  ramp: valued({
    value: '<FROM..TO/D>',
    summary: 'a rate that rises or falls evenly, such as 10k..100k/60s',
    example: '10k..100k/60s',
    json: text('^NUMBER[km]?\\.\\.NUMBER[km]?/NUMBER(ms|s|m|h)$'),
    read: readRamp,
    of: plan => paceOf(plan).ramp,
  }),
  steps: valued({
    value: '<R,R…/D>',
    summary: 'one rate after the other, each for D, such as 20k,40k,60k/10s',
    example: '20k,40k,60k/10s',
    json: text('^NUMBER[km]?(,NUMBER[km]?)*/NUMBER(ms|s|m|h)$'),
    read: readSteps,
    of: plan => paceOf(plan).steps,
  }),
  pipeline: valued({
    value: '<N>',
    summary: 'closed loop with this many calls under way on each connection',
    default: '1',
    example: '16',
    json: count,
    read: integerReader('pipeline'),
    of: plan => plan.pipeline,
  }),
  conns: valued({
    value: '<N>',
    summary: 'connections',
    example: '100',
    json: count,
    read: integerReader('connections'),
    sets: connections => ({connections}),
    of: plan => plan.connections,
  }),
  'conn-rate': valued({
    value: '<R>',
    summary: 'connections opened per second; 0 = all before the load starts',
    default: '0',
    example: '1000',
    json: rate,
    read: readConnectionRate,
    of: plan => formatRate(plan.connectionsPerSecond),
  }),
  calls: valued({
    value: '<N>',
    summary: 'calls on each connection',
    example: '10000',
    json: count,
    read: integerReader('calls'),
    of: plan => plan.callsPerConnection,
  }),
  duration: valued({
    value: '<D>',
    summary: 'how long, such as 500ms, 10s or 2m',
    example: '10s',
    json: duration,
    read: readLength,
    of: plan => paceOf(plan).duration,
  }),
  warmup: valued({
    value: '<D>',
    summary: 'load before the measurement, measured apart',
    default: '0s',
    example: '5s',
    json: duration,
    read: readWarmup,
    sets: warmupSeconds => ({warmupSeconds}),
    of: plan => formatDuration(plan.warmupSeconds),
  }),
  prefill: onOff({
    summary: 'store every key once before the load',
    sets: prefill => ({prefill}),
    of: plan => plan.prefill,
  }),
  method: valued({
    value: '<M>',
    summary: 'the one command to send',
    choices: methodNames,
    group: 'What is sent',
    example: 'set',
    json: {enum: methodNames},
    read: readMethod,
    sets: mix => ({mix}),
    of: ({mix}) => (mix.length === 1 ? mix[0]!.method : null),
  }),
  mix: valued({
    value: '<M:W,…>',
    summary: 'commands by weight, such as get:90,set:10',
    example: 'get:90,set:10',
    json: {
      anyOf: [
        {type: 'object', propertyNames: {enum: methodNames}, additionalProperties: weight, minProperties: 1},
        text('^[a-z]+:\\d+(,[a-z]+:\\d+)*$'),
      ],
    },
    read: readMix,
    sets: mix => ({mix}),
    of: ({mix}) => (mix.length === 1 ? null : formatMix(mix)),
  }),
  sizes: valued({
    value: '<S>',
    summary: 'bytes of a value: X, dX, eMEAN, uMIN,MAX, BYTES:WEIGHT,… or zipf:MIN,MAX[,EXPONENT]',
    example: 'u1024,10240',
    json: {anyOf: [{type: 'integer', minimum: 1}, {type: 'string'}]},
    read: readSizes,
    sets: sizes => ({sizes}),
    of: plan => formatSizes(plan.sizes),
  }),
  values: valued({
    value: '<V>',
    summary: 'what values hold: zeros or random',
    choices: valueKinds,
    example: 'random',
    json: {enum: valueKinds},
    read: readValueBytes,
    sets: valueBytes => ({valueBytes}),
    of: plan => plan.valueBytes,
  }),
  keys: valued({
    value: '<N>',
    summary: 'different keys',
    group: 'Keys',
    example: '100k',
    json: count,
    read: integerReader('keys'),
    sets: keyCount => ({keyCount}),
    of: plan => plan.keyCount,
  }),
  'key-dist': valued({
    value: '<K>',
    summary: 'which of them: sequential, uniform, zipf[:EXPONENT] or gaussian[:DEVIATION]',
    default: 'sequential',
    example: 'zipf:0.99',
    json: text('^(sequential|uniform|(zipf|gaussian)(:\\d*\\.?\\d+)?)$'),
    read: readKeyDistribution,
    sets: keyDistribution => ({keyDistribution}),
    of: plan => formatKeyDistribution(plan.keyDistribution),
  }),
  'hit-ratio': valued({
    value: '<H>',
    summary: 'share of reads that ask for keys that are there, such as 0.95 or 95%',
    example: '95%',
    json: {anyOf: [{type: 'number', minimum: 0, maximum: 1}, text('^NUMBER%?$')]},
    read: readShare,
    sets: hitRatio => ({hitRatio}),
    of: ({hitRatio}) => (hitRatio === null ? null : formatShare(hitRatio)),
  }),
  prefix: valued({
    value: '<P>',
    summary: 'start of every key',
    example: 'bench:',
    json: {anyOf: [text('^[\\x21-\\x7e]*$'), {type: 'number'}]},
    read: readPrefix,
    sets: keyPrefix => ({keyPrefix}),
    of: plan => plan.keyPrefix,
  }),
  multiget: valued({
    value: '<N>',
    summary: 'keys of one get',
    default: '1',
    example: '10',
    json: count,
    read: integerReader('multiget'),
    sets: multigetKeys => ({multigetKeys}),
    of: plan => plan.multigetKeys,
  }),
  ttl: valued({
    value: '<D>',
    summary: 'how long what is stored lives; 0s = for ever',
    default: '0s',
    example: '60s',
    json: duration,
    read: readTtl,
    sets: ttlSeconds => ({ttlSeconds}),
    of: plan => formatDuration(plan.ttlSeconds),
  }),
  noreply: onOff({
    summary: 'ask for no reply to what can do without',
    group: 'Checks and faults',
    sets: noreply => ({noreply}),
    of: plan => plan.noreply,
  }),
  verify: onOff({
    summary: 'store values that say what they are, and check every read',
    sets: verify => ({verify}),
    of: plan => plan.verify,
  }),
  timeout: valued({
    value: '<D>',
    summary: 'time limit per call; the connection is closed when it passes',
    example: '1s',
    json: duration,
    read: readTimeout,
    sets: seconds => ({timeoutMs: seconds * 1000}),
    of: plan => formatDuration(plan.timeoutMs / 1000),
  }),
  reconnect: onOff({
    summary: 'open a connection that fails again',
    sets: reconnect => ({reconnect}),
    of: plan => plan.reconnect,
  }),
  failover: onOff({
    summary: 'a connection that fails goes to the other node, and back later',
    sets: failover => ({failover}),
    of: plan => plan.failover,
  }),
  'connect-timeout': valued({
    value: '<D>',
    summary: 'time limit for opening a connection',
    defaultWords: 'as --timeout',
    example: '200ms',
    json: duration,
    read: readTimeout,
    sets: seconds => ({connectTimeoutMs: seconds * 1000}),
    of: ({connectTimeoutMs}) => (connectTimeoutMs === null ? null : formatDuration(connectTimeoutMs / 1000)),
  }),
  retries: valued({
    value: '<N>',
    summary: 'with failover: extra attempts at the same node before failing over',
    defaultWords: '0',
    example: '2',
    json: count,
    read: integerReader('retries'),
    sets: retries => ({retries}),
    of: ({retries}) => retries || null,
  }),
  'retry-delay': valued({
    value: '<D>',
    summary: 'between attempts at one node',
    defaultWords: '10ms, then longer and longer, up to 500ms',
    example: '100ms',
    json: duration,
    read: readRetryDelay,
    sets: seconds => ({retryDelayMs: seconds * 1000}),
    of: ({retryDelayMs}) => (retryDelayMs === null ? null : formatDuration(retryDelayMs / 1000)),
  }),
  'switch-back': valued({
    value: '<D>',
    summary: 'with failover: return to the first node after it has answered for D, or never',
    defaultWords: '0s, at once',
    example: '5s',
    json: {anyOf: [duration, {const: 'never'}]},
    read: readSwitchBack,
    sets: seconds => ({switchBackMs: seconds === 'never' ? null : seconds * 1000}),
    of: ({switchBackMs: ms}) => (ms === null ? 'never' : ms === 0 ? null : formatDuration(ms / 1000)),
  }),
  threads: valued({
    value: '<N>',
    summary: 'load threads, or auto',
    group: 'Generator',
    example: 'auto',
    json: {anyOf: [count, {const: 'auto'}]},
    read: readThreads,
    of: plan => plan.threads,
  }),
  seed: valued({
    value: '<N>',
    summary: 'random seed: the same seed gives the same load',
    example: '1',
    json: count,
    read: integerReader('seed'),
    sets: seed => ({seed}),
    of: plan => plan.seed,
  }),
} satisfies Record<string, LoadOption<never> | LoadOption<unknown>>

export type SettingName = keyof typeof loadOptions

export const settingNames = Object.keys(loadOptions) as SettingName[]

/** Settings that were given; the others are as the profile has them. */
export type LoadSettings = OptionValues<typeof loadOptions>
