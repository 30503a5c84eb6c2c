import {InvalidArgumentError} from 'commander'
import {PlanError} from '../engine/errors.js'
import {type MethodName, methodNames} from '../engine/methods.js'
import {type Profile, profiles} from '../engine/profiles/registry.js'
import {parseSizes, type SizeDistribution} from '../engine/sizes.js'
import {describeUnknown} from './nearest.js'
import {readInteger} from './options.js'

/** Option readers of the commands that make load. */

export type Mix = readonly {readonly method: MethodName; readonly weight: number}[]

export function readProfile(text: string): Profile {
  const profile = profiles.find(({plan}) => plan.name === text)
  if (profile !== undefined) return profile
  const known = profiles.map(({plan}) => plan.name)
  throw new InvalidArgumentError(describeUnknown({what: 'a profile', name: text, known}))
}

export function readSizes(text: string): SizeDistribution {
  try {
    return parseSizes(text)
  } catch (error) {
    if (error instanceof PlanError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

/** `50000`, `50k`, `1.5m` per second. */
export function readRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/.exec(text)
  const rate = Number(match?.[1]) * {'': 1, k: 1000, m: 1_000_000}[match?.[2] as '' | 'k' | 'm']
  if (match === null || rate > 10_000_000) {
    throw new InvalidArgumentError(`Expected a rate per second from 0 to 10m, such as 500 or 50k, got '${text}'`)
  }
  return rate
}

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

/** A number of threads, or `auto`. */
export function readThreads(text: string): number | 'auto' {
  return text === 'auto' ? text : readInteger({text, what: 'auto or a number of threads', min: 1, max: 256})
}

export function readConnections(text: string): number {
  return readInteger({text, what: 'a number of connections', min: 1, max: 10_000})
}

export function readCalls(text: string): number {
  return readInteger({text, what: 'a number of calls', min: 1, max: 1_000_000_000})
}

export function readKeys(text: string): number {
  return readInteger({text, what: 'a number of keys', min: 1, max: 2 ** 32})
}

export function readSeed(text: string): number {
  return readInteger({text, what: 'a seed', min: 0, max: Number.MAX_SAFE_INTEGER})
}

function methodNamed(text: string): MethodName {
  const name = methodNames.find(known => known === text)
  if (name === undefined)
    throw new InvalidArgumentError(describeUnknown({what: 'a method', name: text, known: methodNames}))
  return name
}
