import {InvalidArgumentError} from 'commander'
import type {RatePhase} from '../../engine/plan/plan.js'
import {formatDuration, formatRate} from './notation.js'
import {readRate} from './rate-readers.js'
import {readLength} from './readers.js'

/** Rates that change while a load runs. */

const PHASES_MAX = 1000

/** `10k..100k/60s`: from one rate to another, evenly, in that time. */
export function readRamp(text: string): readonly RatePhase[] {
  const match = /^(.+)\.\.(.+)\/([^/]+)$/.exec(text)
  if (match === null) {
    throw new InvalidArgumentError(`Expected FROM..TO/DURATION such as 10k..100k/60s, got '${text}'`)
  }
  const [, from = '', to = '', seconds = ''] = match
  const phases = [{fromPerSecond: readRate(from), toPerSecond: readRate(to), seconds: readLength(seconds)}]
  assertCalls(phases, text)
  return phases
}

/** `20k,40k,60k/10s`: each rate for that time. */
export function readSteps(text: string): readonly RatePhase[] {
  const match = /^([^/]+)\/([^/]+)$/.exec(text)
  const rates = match?.[1]?.split(',') ?? []
  if (match === null || rates.length > PHASES_MAX) {
    throw new InvalidArgumentError(
      `Expected RATE,RATE…/DURATION of each, up to ${PHASES_MAX} rates, such as 20k,40k,60k/10s, got '${text}'`,
    )
  }
  const seconds = readLength(match[2]!)
  const phases = rates.map(readRate).map(rate => ({fromPerSecond: rate, toPerSecond: rate, seconds}))
  assertCalls(phases, text)
  return phases
}

/** The notation that readRamp or readSteps reads; null for phases that neither can say. */
export function formatPhases(phases: readonly RatePhase[]): {ramp: string} | {steps: string} | null {
  const [first] = phases
  if (first === undefined) return null
  const length = formatDuration(first.seconds)
  if (phases.length === 1 && first.fromPerSecond !== first.toPerSecond) {
    return {ramp: `${formatRate(first.fromPerSecond)}..${formatRate(first.toPerSecond)}/${length}`}
  }
  const even = phases.every(
    ({fromPerSecond, toPerSecond, seconds}) => fromPerSecond === toPerSecond && seconds === first.seconds,
  )
  return even ? {steps: `${phases.map(({toPerSecond}) => formatRate(toPerSecond)).join(',')}/${length}`} : null
}

function assertCalls(phases: readonly RatePhase[], text: string): void {
  if (totalCalls(phases) === 0) throw new InvalidArgumentError(`Expected a rate above 0, got '${text}'`)
}

export function totalSeconds(phases: readonly RatePhase[]): number {
  return phases.reduce((sum, {seconds}) => sum + seconds, 0)
}

/** Calls of all phases together. */
export function totalCalls(phases: readonly RatePhase[]): number {
  return phases.reduce(
    (sum, {fromPerSecond, toPerSecond, seconds}) => sum + ((fromPerSecond + toPerSecond) / 2) * seconds,
    0,
  )
}
