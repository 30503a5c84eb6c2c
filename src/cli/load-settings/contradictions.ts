import {UsageError} from '../app/errors.js'
import type {LoadSettings, SettingName} from './load-options.js'

/** A setting that does not go with another, or with the profile it changes. */
export class SettingError extends UsageError {
  readonly setting: SettingName

  constructor(setting: SettingName, message: string) {
    super(message)
    this.setting = setting
  }
}

/** How a setting is called where it was given: `--conn-rate` or `conn-rate`. */
export type Spelling = (name: SettingName) => string

/** Pairs of which a load has one at most, and why. */
const either: readonly (readonly [SettingName, SettingName, string])[] = [
  ['calls', 'duration', 'both say how long'],
  ['method', 'mix', 'both say which commands'],
  ['ramp', 'rate', 'both say how fast'],
  ['steps', 'rate', 'both say how fast'],
  ['ramp', 'steps', 'both say how fast'],
  ['ramp', 'duration', 'a ramp says itself how long'],
  ['steps', 'duration', 'steps say themselves how long'],
  ['ramp', 'calls', 'a ramp says itself how long'],
  ['steps', 'calls', 'steps say themselves how long'],
  ['rate', 'pipeline', 'an open loop sends at its rate, whatever is under way'],
  ['ramp', 'pipeline', 'an open loop sends at its rate, whatever is under way'],
  ['steps', 'pipeline', 'an open loop sends at its rate, whatever is under way'],
  ['ramp', 'conn-rate', 'a ramp begins for all connections at once'],
  ['steps', 'conn-rate', 'steps begin for all connections at once'],
  ['arrival', 'pipeline', 'in a closed loop the replies space the calls'],
]

/** @throws SettingError for settings that contradict each other */
export function assertAgreement(given: LoadSettings, spell: Spelling): void {
  for (const [one, other, reason] of either) {
    if (given[one] === undefined || given[other] === undefined) continue
    // A rate of 0 asks for the closed loop that a pipeline needs.
    if (one === 'rate' && given.rate === 0) continue
    throw new SettingError(other, `Expected either ${spell(one)} or ${spell(other)}, got both: ${reason}`)
  }
  if (given.arrival !== undefined && given.rate === 0) {
    throw new SettingError('arrival', `Expected a rate above 0 with ${spell('arrival')}, got 0, a closed loop`)
  }
}
