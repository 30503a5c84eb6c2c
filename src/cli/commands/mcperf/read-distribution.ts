import type {Distribution} from '../../../engine/mcperf/distribution.js'
import {UsageError} from '../../app/errors.js'
import {formatGeneral, readCReal} from './c-text.js'

/**
 * Reads mcperf's `[d|u|e]R1[,R2]`; a bare number is a rate, that is an interval of its reciprocal.
 * @throws UsageError in mcperf's words
 */
export function readDistribution(text: string): Distribution {
  const rest = text.slice(1)
  switch (text[0]) {
    case 'd':
      return {kind: 'deterministic', value: readMean(rest)}
    case 'e':
      return {kind: 'exponential', mean: readMean(rest)}
    case 's':
      return {kind: 'sequential', min: readMean(rest)}
    case 'u':
      return readUniform(rest)
    default:
      return readRate(text)
  }
}

function readRate(text: string): Distribution {
  const rate = readCReal(text)
  if (rate === null || rate < 0) throw new UsageError(`invalid distribution value '${text}'`)
  return rate === 0 ? {kind: 'none'} : {kind: 'deterministic', value: 1 / rate}
}

function readMean(text: string): number {
  return readPositive(text, 'mean')
}

function readUniform(text: string): Distribution {
  const comma = text.indexOf(',')
  if (comma < 0) throw new UsageError(`invalid uniform distribution value '${text}'`)
  const min = readPositive(text.slice(0, comma), 'minimum')
  const max = readPositive(text.slice(comma + 1), 'maximum')
  if (max < min) {
    const values = `'${formatGeneral(max)}' should be greater than or equal to minium value '${formatGeneral(min)}'`
    throw new UsageError(`maximum value ${values}`)
  }
  return {kind: 'uniform', min, max}
}

function readPositive(text: string, what: string): number {
  const value = readCReal(text)
  if (value === null || value <= 0) throw new UsageError(`invalid ${what} value '${text}'`)
  return value
}
