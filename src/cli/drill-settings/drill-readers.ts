import {InvalidArgumentError} from 'commander'
import {type PolicyName, policyNames} from '../../engine/plan/client-policies.js'
import {describeUnknown} from '../../engine/plan/did-you-mean.js'
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
import {readDuration, readInteger} from '../options/option-readers.js'

/** Instead of a client policy: the drill is run once with each. */
export const ALL_POLICIES = 'all'

/** @throws InvalidArgumentError that names the policies */
function readPolicy(text: string): PolicyName {
  const name = policyNames.find(policy => policy === text)
  if (name === undefined) {
    throw new InvalidArgumentError(describeUnknown({what: 'a client policy', name: text, known: policyNames}))
  }
  return name
}

/** How the options of `repbench drill` are read, by their names: on the command line and in its form. */
export const drillReaders = {
  rate: readRate,
  conns: integerReader('connections'),
  keys: integerReader('keys'),
  sizes: readSizes,
  mix: readMix,
  timeout: readTimeout,
  'client-policy': readPolicy,
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
