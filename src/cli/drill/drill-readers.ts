import {readRate} from '../load/rate-readers.js'
import {
  integerReader,
  readLength,
  readMix,
  readRetryDelay,
  readSizes,
  readSwitchBack,
  readTimeout,
} from '../load/readers.js'
import {readDuration, readInteger} from '../options.js'

/** How the options of `repbench drill` are read, by their names: on the command line and in its form. */
export const drillReaders = {
  rate: readRate,
  conns: integerReader('connections'),
  keys: integerReader('keys'),
  sizes: readSizes,
  mix: readMix,
  timeout: readTimeout,
  seed: integerReader('seed'),
  'connect-timeout': readTimeout,
  retries: integerReader('retries'),
  'retry-delay': readRetryDelay,
  'switch-back': readSwitchBack,
  before: readDuration,
  hold: readDuration,
  settle: readDuration,
  after: readDuration,
  duration: readLength,
  faults: (text: string) => readInteger({text, what: 'a number of faults', min: 1, max: 1_000_000}),
  repeat: (text: string) => readInteger({text, what: 'a number of repetitions', min: 1, max: 1000}),
  findings: (text: string) => text,
} as const
