import {InvalidArgumentError} from 'commander'
import {describeUnknown} from '../../engine/plan/did-you-mean.js'
import type {KeyDistribution} from '../../engine/plan/plan.js'

const EXPONENT_DEFAULT = 0.99
/** Of the number of keys. */
const DEVIATION_DEFAULT = 0.1

const kinds = ['sequential', 'uniform', 'zipf', 'gaussian'] as const

/** `sequential`, `uniform`, `zipf[:EXPONENT]` or `gaussian[:DEVIATION]`. */
export function readKeyDistribution(text: string): KeyDistribution {
  const [name = '', parameter, ...more] = text.split(':')
  const kind = kinds.find(known => known === name)
  if (kind === undefined)
    throw new InvalidArgumentError(describeUnknown({what: 'a key distribution', name, known: kinds}))
  const takesParameter = kind === 'zipf' || kind === 'gaussian'
  if (more.length > 0 || (parameter !== undefined && !takesParameter)) {
    throw new InvalidArgumentError(
      `Expected ${takesParameter ? `${kind} or ${kind}:NUMBER` : `${kind} alone`}, got '${text}'`,
    )
  }
  switch (kind) {
    case 'sequential':
    case 'uniform':
      return {kind}
    case 'zipf':
      return {kind, exponent: readParameter({text, parameter, usual: EXPONENT_DEFAULT, what: 'an exponent', max: 10})}
    case 'gaussian': {
      const what = 'a deviation (as a share of the keys)'
      return {kind, deviation: readParameter({text, parameter, usual: DEVIATION_DEFAULT, what, max: 1})}
    }
  }
}

/** The notation that readKeyDistribution reads. */
export function formatKeyDistribution(distribution: KeyDistribution): string {
  switch (distribution.kind) {
    case 'sequential':
    case 'uniform':
      return distribution.kind
    case 'zipf':
      return `zipf:${distribution.exponent}`
    case 'gaussian':
      return `gaussian:${distribution.deviation}`
  }
}

interface Parameter {
  readonly text: string
  readonly parameter: string | undefined
  readonly usual: number
  readonly what: string
  readonly max: number
}

function readParameter({text, parameter, usual, what, max}: Parameter): number {
  if (parameter === undefined) return usual
  const value = Number(parameter)
  if (!/^\d*\.?\d+$/.test(parameter) || value <= 0 || value > max) {
    throw new InvalidArgumentError(`Expected ${what} above 0 and up to ${max}, got '${text}'`)
  }
  return value
}
