import {readKeyDistribution} from './key-distribution.js'
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
} from './readers.js'

/** One setting of a load: an option of `repbench load` and a key of profile files, with the same notation. */
interface Setting {
  /** Name of its value in the help; a setting without one is on or off. */
  readonly value?: string
  readonly summary: string
  readonly example: string
  readonly read?: (text: string) => unknown
}

/** Every setting, in the order in which help and files list them. Adding one = one entry, and its place in the plan. */
const settings = {
  rate: {
    value: '<R>',
    summary: 'operations per second in all, such as 50k; 0 = closed loop, as fast as replies come',
    example: '50k',
    read: readRate,
  },
  arrival: {
    value: '<A>',
    summary: 'spacing of calls: deterministic, uniform or exponential',
    example: 'exponential',
    read: readArrival,
  },
  ramp: {
    value: '<FROM..TO/D>',
    summary: 'a rate that rises or falls evenly, such as 10k..100k/60s',
    example: '10k..100k/60s',
    read: readRamp,
  },
  steps: {
    value: '<R,R…/D>',
    summary: 'one rate after the other, each for D, such as 20k,40k,60k/10s',
    example: '20k,40k,60k/10s',
    read: readSteps,
  },
  pipeline: {
    value: '<N>',
    summary: 'closed loop with this many calls under way on each connection',
    example: '16',
    read: integerReader('pipeline'),
  },
  conns: {value: '<N>', summary: 'connections', example: '100', read: integerReader('connections')},
  'conn-rate': {
    value: '<R>',
    summary: 'connections opened per second; 0 = all before the load starts',
    example: '1000',
    read: readConnectionRate,
  },
  calls: {value: '<N>', summary: 'calls on each connection', example: '10000', read: integerReader('calls')},
  duration: {value: '<D>', summary: 'how long, such as 500ms, 10s or 2m', example: '10s', read: readLength},
  warmup: {value: '<D>', summary: 'load before the measurement, measured apart', example: '5s', read: readWarmup},
  prefill: {summary: 'store every key once before the load', example: 'true'},
  method: {value: '<M>', summary: 'the one command to send', example: 'set', read: readMethod},
  mix: {
    value: '<M:W,…>',
    summary: 'commands by weight, such as get:90,set:10',
    example: 'get:90,set:10',
    read: readMix,
  },
  sizes: {
    value: '<S>',
    summary: 'bytes of a value: X, dX, eMEAN, uMIN,MAX, BYTES:WEIGHT,… or zipf:MIN,MAX[,EXPONENT]',
    example: 'u1024,10240',
    read: readSizes,
  },
  values: {value: '<V>', summary: 'what values hold: zeros or random', example: 'random', read: readValueBytes},
  keys: {value: '<N>', summary: 'different keys', example: '100k', read: integerReader('keys')},
  'key-dist': {
    value: '<K>',
    summary: 'which of them: sequential, uniform, zipf[:EXPONENT] or gaussian[:DEVIATION]',
    example: 'zipf:0.99',
    read: readKeyDistribution,
  },
  'hit-ratio': {
    value: '<H>',
    summary: 'share of reads that ask for keys that are there, such as 0.95 or 95%',
    example: '95%',
    read: readShare,
  },
  prefix: {value: '<P>', summary: 'start of every key', example: 'bench:', read: readPrefix},
  multiget: {value: '<N>', summary: 'keys of one get', example: '10', read: integerReader('multiget')},
  ttl: {value: '<D>', summary: 'how long what is stored lives; 0s = for ever', example: '60s', read: readTtl},
  noreply: {summary: 'ask for no reply to what can do without', example: 'true'},
  verify: {summary: 'store values that say what they are, and check every read', example: 'true'},
  timeout: {value: '<D>', summary: 'of a call; the connection is given up then', example: '1s', read: readTimeout},
  reconnect: {summary: 'open a connection that fails again', example: 'true'},
  failover: {summary: 'a connection that fails goes to the other node, and back later', example: 'true'},
  'connect-timeout': {
    value: '<D>',
    summary: 'of opening a connection; else as --timeout',
    example: '200ms',
    read: readTimeout,
  },
  retries: {
    value: '<N>',
    summary: 'with failover: attempts more at the same node before going to the other',
    example: '2',
    read: integerReader('retries'),
  },
  'retry-delay': {
    value: '<D>',
    summary: 'between attempts at one node; else 10ms, then longer and longer, up to 500ms',
    example: '100ms',
    read: readRetryDelay,
  },
  'switch-back': {
    value: '<D>',
    summary: 'with failover: go back once the first node has answered for so long (0s = at once), or never',
    example: '5s',
    read: readSwitchBack,
  },
  threads: {value: '<N>', summary: 'load threads, or auto', example: 'auto', read: readThreads},
  seed: {
    value: '<N>',
    summary: 'of all that is drawn: the same seed gives the same load',
    example: '1',
    read: integerReader('seed'),
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof settings

export const settingNames = Object.keys(settings) as SettingName[]

type SettingValue<S> = S extends {read: (text: string) => infer Value} ? Value : boolean

/** Settings that were given; the others are as the profile has them. */
export type LoadSettings = {readonly [Name in SettingName]?: SettingValue<(typeof settings)[Name]> | undefined}

/** What a setting is, whatever its type. */
export function settingNamed(name: SettingName): Setting {
  return settings[name]
}
