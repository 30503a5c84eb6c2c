import {AssertionSyntaxError} from '../errors.js'
import {describeUnknown, nearestNames} from '../plan/did-you-mean.js'
import type {Measure, Measures, MeasureUnit} from './measure.js'

const operators = {
  '<': (actual: number, limit: number) => actual < limit,
  '<=': (actual: number, limit: number) => actual <= limit,
  '>': (actual: number, limit: number) => actual > limit,
  '>=': (actual: number, limit: number) => actual >= limit,
  '==': (actual: number, limit: number) => actual === limit,
  '!=': (actual: number, limit: number) => actual !== limit,
} as const

export type Operator = keyof typeof operators

/** A parsed assertion such as `p99<2ms`. */
export interface Assertion<Result> {
  /** As written. */
  readonly expr: string
  readonly measure: Measure<Result>
  readonly operator: Operator
  /** In the unit of the measure, or in percent of its whole. */
  readonly limit: number | boolean
  readonly isPercentage: boolean
}

/** Whether `actual operator limit` holds. */
export function holds(operator: Operator, actual: number, limit: number): boolean {
  return operators[operator](actual, limit)
}

/**
 * Parses an expression: a measure, an operator, a value in the measure's unit.
 * @throws AssertionSyntaxError
 */
export function parseAssertion<Result>(expr: string, measures: Measures<Result>): Assertion<Result> {
  const flag = measures.get(expr.trim().toLowerCase())
  if (flag?.unit === 'boolean') return {expr, measure: flag, operator: '==', limit: true, isPercentage: false}
  const match = /^\s*([A-Za-z][\w.]*)\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*$/.exec(expr)
  if (match === null) {
    throw new AssertionSyntaxError(`Expected MEASURE, one of < <= > >= == !=, VALUE, such as p99<2ms, got '${expr}'`)
  }
  const [, name = '', operator = '', value = ''] = match
  const measure = measures.get(name.toLowerCase())
  if (measure === undefined) throw new AssertionSyntaxError(describeUnknownMeasure(name, measures))
  if (measure.unit === 'boolean') {
    if ((operator !== '==' && operator !== '!=') || (value !== 'true' && value !== 'false')) {
      throw new AssertionSyntaxError(`Expected ${measure.name}==true or ${measure.name}==false, got '${expr}'`)
    }
    return {expr, measure, operator, limit: value === 'true', isPercentage: false}
  }
  const isPercentage = value.endsWith('%')
  const limit = readLimit(value, measure)
  if (limit === null) {
    throw new AssertionSyntaxError(`Expected ${describeValues(measure)} after ${measure.name}, got '${value}'`)
  }
  return {expr, measure, operator: operator as Operator, limit, isPercentage}
}

const scales: Readonly<Record<Exclude<MeasureUnit, 'boolean'>, Readonly<Record<string, number>>>> = {
  us: {us: 1, µs: 1, ms: 1000, s: 1_000_000, m: 60_000_000},
  count: {'': 1, k: 1000, m: 1_000_000},
  perSecond: {'': 1, k: 1000, m: 1_000_000},
  share: {'': 100, '%': 1},
}

const valueTexts: Readonly<Record<MeasureUnit, string>> = {
  us: 'a duration such as 500us, 2ms or 1s',
  count: 'a number such as 0 or 10k',
  perSecond: 'a number per second such as 50k',
  share: 'a share such as 95% or 0.95',
  boolean: 'true or false',
}

/** The limit in the measure's unit; shares and parts of a whole in percent. Null when it cannot be read. */
function readLimit(text: string, measure: {unit: MeasureUnit; whole?: unknown}): number | null {
  const match = /^(\d+(?:\.\d+)?)([a-zµ%]*)$/.exec(text)
  if (match === null || measure.unit === 'boolean') return null
  const [, digits = '', unit = ''] = match
  if (unit === '%' && measure.whole !== undefined) return Number(digits)
  const units = scales[measure.unit]
  const scale = Object.hasOwn(units, unit) ? units[unit] : undefined
  // Rounded as the actual percentages are.
  return scale === undefined ? null : Number((Number(digits) * scale).toFixed(9))
}

function describeValues({unit, whole}: {unit: MeasureUnit; whole?: unknown}): string {
  return `${valueTexts[unit]}${whole === undefined ? '' : ' or a percentage'}`
}

function describeUnknownMeasure<Result>(name: string, measures: Measures<Result>): string {
  const names = [...measures.values()].map(measure => measure.name)
  const [nearest] = nearestNames(name, names)
  if (nearest !== undefined) return `Expected a measure, got '${name}' (did you mean ${nearest}?)`
  // Measures of single methods are too many to list.
  return describeUnknown({
    what: 'a measure',
    name,
    known: names.filter(known => !known.includes('.') || known === 'p99.9'),
  })
}
