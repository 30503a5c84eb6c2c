import {InvalidArgumentError} from 'commander'
import {KEY_COUNTER_DIGITS} from '../../engine/data/key-text.js'
import {type MethodName, methodNames} from '../../engine/data/methods.js'
import {parseSizes, type SizeDistribution} from '../../engine/data/sizes.js'
import {PlanError} from '../../engine/errors.js'
import {describeUnknown} from '../../engine/plan/did-you-mean.js'
import type {Arrival, LoadPlan} from '../../engine/plan/plan.js'
import {arrivalNames} from '../../engine/plan/plan.js'
import {KEY_MAX_BYTES} from '../../protocol/limits.js'
import {readDuration, readInteger} from '../options/option-readers.js'
import {parseCount} from './rate-readers.js'

/** Readers of a load's settings: each gives a value, or one line that says what was expected and what came. */

export type Mix = LoadPlan['mix']

const PREFIX_MAX_BYTES = KEY_MAX_BYTES - KEY_COUNTER_DIGITS

export function readMethod(text: string): Mix {
  return [{method: methodNamed(text), weight: 1}]
}

/** `get:90,set:10` */
export function readMix(text: string): Mix {
  const mix = text.split(',').map(part => {
    const [name = '', weight, ...more] = part.split(':')
    if (weight === undefined || more.length > 0) {
      throw new InvalidArgumentError(`Expected METHOD:WEIGHT,… such as get:90,set:10, got '${text}'`)
    }
    return {method: methodNamed(name), weight: readInteger({text: weight, what: 'a weight', min: 1, max: 1_000_000})}
  })
  const twice = mix.find(({method}, index) => mix.findIndex(other => other.method === method) < index)
  if (twice !== undefined) throw new InvalidArgumentError(`Expected each method once, got ${twice.method} twice`)
  return mix
}

function methodNamed(text: string): MethodName {
  const name = methodNames.find(known => known === text)
  if (name === undefined)
    throw new InvalidArgumentError(describeUnknown({what: 'a method', name: text, known: methodNames}))
  return name
}

export function readSizes(text: string): SizeDistribution {
  try {
    return parseSizes(text)
  } catch (error) {
    if (error instanceof PlanError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

export function readArrival(text: string): Arrival {
  const name = arrivalNames.find(known => known === text)
  if (name === undefined)
    throw new InvalidArgumentError(describeUnknown({what: 'an arrival', name: text, known: arrivalNames}))
  return name
}

export const valueKinds = ['zeros', 'random'] as const satisfies readonly LoadPlan['valueBytes'][]

export function readValueBytes(text: string): LoadPlan['valueBytes'] {
  if (text !== 'zeros' && text !== 'random') throw new InvalidArgumentError(`Expected zeros or random, got '${text}'`)
  return text
}

export function readPrefix(text: string): string {
  if (!/^[\x21-\x7e]*$/.test(text) || text.length > PREFIX_MAX_BYTES) {
    const expected = `Expected up to ${PREFIX_MAX_BYTES} printable ASCII characters without blanks`
    throw new InvalidArgumentError(`${expected}, got '${text.length > 60 ? `${text.slice(0, 60)}…` : text}'`)
  }
  return text
}

/** `0.95` or `95%`. */
export function readShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text)
  const share = Number(match?.[1]) / (match?.[2] === '%' ? 100 : 1)
  if (match === null || share > 1) {
    throw new InvalidArgumentError(`Expected a share from 0 to 1 or 0% to 100%, such as 0.95 or 95%, got '${text}'`)
  }
  return share
}

const DAY_SECONDS = 86_400

/** Seconds of a load or a part of it. */
export function readLength(text: string): number {
  const seconds = readDuration(text)
  if (seconds <= 0 || seconds > 7 * DAY_SECONDS) {
    throw new InvalidArgumentError(`Expected a duration above 0 and up to 168h, got '${text}'`)
  }
  return seconds
}

export function readWarmup(text: string): number {
  return readDuration(text) === 0 ? 0 : readLength(text)
}

export function readTimeout(text: string): number {
  const seconds = readDuration(text)
  if (seconds < 0.001 || seconds > 3600) {
    throw new InvalidArgumentError(`Expected a time-out from 1ms to 1h, got '${text}'`)
  }
  return seconds
}

export function readRetryDelay(text: string): number {
  const seconds = readDuration(text)
  if (seconds > 3600) throw new InvalidArgumentError(`Expected a delay up to 1h, got '${text}'`)
  return seconds
}

/** Seconds for which the first node has to answer; `never` has none. */
export function readSwitchBack(text: string): number | 'never' {
  return text === 'never' ? text : readRetryDelay(text)
}

/** Seconds; memcached takes whole ones, and more than 30 days for a date. */
export function readTtl(text: string): number {
  const seconds = readDuration(text)
  if (!Number.isInteger(seconds) || seconds > 30 * DAY_SECONDS) {
    throw new InvalidArgumentError(`Expected whole seconds up to 720h (30 days), such as 60s or 1h, got '${text}'`)
  }
  return seconds
}

/** A number of threads, or `auto`. */
export function readThreads(text: string): number | 'auto' {
  return text === 'auto' ? text : readInteger({text, what: 'auto or a number of threads', min: 1, max: 256})
}

const REPETITIONS_MAX = 1000

export function readRepeat(text: string): number {
  return readInteger({text, what: 'a number of runs', min: 1, max: REPETITIONS_MAX})
}

const integers = {
  connections: {what: 'a number of connections', min: 1, max: 10_000},
  calls: {what: 'a number of calls', min: 1, max: 1_000_000_000},
  keys: {what: 'a number of keys', min: 1, max: 2 ** 32},
  seed: {what: 'a seed', min: 0, max: Number.MAX_SAFE_INTEGER},
  pipeline: {what: 'a number of calls under way', min: 1, max: 10_000},
  retries: {what: 'a number of retries', min: 0, max: 1000},
  multiget: {what: 'a number of keys of one get', min: 1, max: 1000},
} as const

/** A reader of whole numbers; with `k` and `m` for thousands and millions. */
export function integerReader(name: keyof typeof integers): (text: string) => number {
  return text => {
    const count = /[km]$/.test(text) ? parseCount(text) : null
    return readInteger({text: count === null ? text : String(count), ...integers[name]})
  }
}
