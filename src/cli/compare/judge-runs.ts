import type {ComparedMeasure} from '../documents/json/compared-measures.js'
import type {RunDocument} from '../documents/json/run-json.js'
import {detectableDifference, deviationReserve, pooledDeviation} from './detectable-change.js'
import {type Column, choose, drawInOutliers, type TestedFamily, testGroups, testPairs} from './permutation-test.js'
import {type Couple, coupleRuns, isMadeByLateness, isSaturated} from './usable-runs.js'

/** Fewer runs of each say nothing about their noise. */
const RUNS_LEAST = 4
/** Judged unless others are asked for. */
export const defaultFamily = ['rate', 'p50', 'p99'] as const
/** At most so many tables of equal configurations show a change: less than the 5 % that are promised, for what no test knows of a machine. */
const SIGNIFICANCE = 0.04
/** A smaller change is not worth acting on, however certain. */
const RELEVANT_SHARE = 0.01
/**
 * Runs that were made one group after the other differ by what the machine did meanwhile, too: where its drifts last
 * longer than a run, the test alone calls 10 to 40 % of equal groups changed. Whatever their number, groups of a drift
 * that goes nowhere differ by more than four deviations of their runs in under 5 %.
 */
const DEVIATIONS_APART = 4

export interface JudgedMeasure {
  readonly name: string
  /** Null where there are too few runs to tell. */
  readonly judgement: 'better' | 'worse' | 'same' | null
  /** Why there is no judgement. */
  readonly reason: string | null
  /** Mean change, of pairs with outliers drawn in; null where it has no percentage. */
  readonly changePercent: number | null
  /** Corrected for the family. */
  readonly pValue: number | null
  /** Of what is `same`: a smaller change would probably not have been seen. */
  readonly detectablePercent: number | null
}

/** One configuration held against another. */
export interface RunsJudgement {
  /** Whether the two took turns, or one came after the other. */
  readonly design: 'pairs' | 'groups'
  /** Pairs, or runs of each. */
  readonly pairs: number | null
  readonly runs: readonly [number, number]
  /** Left out, because the generator set the pace. */
  readonly saturated: readonly [number, number]
  /** Why nothing is judged. */
  readonly reason: string | null
  /** The test in a line; null where none was made. */
  readonly test: string | null
  /** A p value up to this one is a change, if it is large enough. */
  readonly significance: number
  readonly measures: readonly JudgedMeasure[]
}

interface JudgedRuns {
  readonly first: readonly RunDocument[]
  readonly second: readonly RunDocument[]
  /** Judged together: the family. */
  readonly measures: readonly ComparedMeasure[]
  /** Comparisons in the same table, which share what is allowed of false alarms. */
  readonly comparisons: number
}

/** A measure's values in both configurations, on the scale of the test. */
interface Values {
  readonly measure: ComparedMeasure
  readonly isLogarithmic: boolean
  readonly first: Column
  readonly second: Column
  /** Runs whose value the generator's own lateness made a part of. */
  readonly late: readonly [number, number]
}

/** The one rule by which runs are called better, worse or the same. */
export function judgeRuns({first, second, measures, comparisons}: JudgedRuns): RunsJudgement {
  const couples = coupleRuns(first, second)
  const significance = SIGNIFICANCE / comparisons
  const needed = couples === null ? groupsNeeded(significance) : pairsNeeded(significance)
  const sides = [first, second] as const
  const saturated = countOf(sides, isSaturated)
  const facts = {
    design: couples === null ? ('groups' as const) : ('pairs' as const),
    pairs: couples?.length ?? null,
    runs: [first.length, second.length] as const,
    saturated,
    significance,
  }
  const usable = sides.map(runs => runs.filter(run => !isSaturated(run)).length)
  const pairs = couples?.filter(([a, b]) => !isSaturated(first[a]!) && !isSaturated(second[b]!)).length
  const reason = tooFew({counts: pairs === undefined ? usable : [pairs], needed, inPairs: couples !== null})
  if (reason !== null) return {...facts, reason, test: null, measures: []}
  const all = measures.map(measure => readValues(measure, sides))
  const known = all.map(values => ({values, reason: refusalOf(values, couples, needed)}))
  const family = known.flatMap(({values, reason}) => (reason === null ? [values] : []))
  const tested = family.length === 0 ? null : testFamily(family, couples)
  return {
    ...facts,
    reason: null,
    test: tested === null ? null : describeTest({tested, family, couples, significance}),
    measures: known.map(({values, reason}) => {
      if (reason !== null || tested === null) return notJudged(values.measure.name, reason)
      const place = family.indexOf(values)
      const parts = {values, couples, significance, share: significance / family.length}
      return judge({...parts, pValue: tested.pValues[place]!, difference: tested.differences[place]!})
    }),
  }
}

/** The smallest number of runs of each whose most telling division is rare enough. */
function groupsNeeded(significance: number): number {
  let runs = RUNS_LEAST
  while (2 / choose(2 * runs, runs) > significance) runs += 1
  return runs
}

function pairsNeeded(significance: number): number {
  return Math.max(RUNS_LEAST, Math.ceil(Math.log2(2 / significance)))
}

function countOf(
  sides: readonly [readonly RunDocument[], readonly RunDocument[]],
  test: (run: RunDocument) => boolean,
): readonly [number, number] {
  return [sides[0].filter(test).length, sides[1].filter(test).length]
}

interface Counts {
  /** Of each side, or of pairs. */
  readonly counts: readonly number[]
  readonly needed: number
  readonly inPairs: boolean
}

/** `3 runs each, 4 are needed`; null where there are enough. */
function tooFew({counts, needed, inPairs}: Counts): string | null {
  if (counts.every(count => count >= needed)) return null
  const [a = 0, b = a] = counts
  const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  const got = inPairs ? plural(a, 'pair') : a === b ? `${plural(a, 'run')} each` : `${a} and ${plural(b, 'run')}`
  return `${got}, ${needed}${inPairs || a === b ? '' : ' of each'} are needed`
}

function readValues(
  measure: ComparedMeasure,
  sides: readonly [readonly RunDocument[], readonly RunDocument[]],
): Values {
  const read = (run: RunDocument) => (isSaturated(run) || isMadeByLateness(measure, run) ? null : measure.read(run))
  const [first, second] = [sides[0].map(read), sides[1].map(read)]
  const positive = [...first, ...second].every(value => value === null || value > 0)
  // Noise and changes of times and rates are in proportion to them; counts can be 0.
  const isLogarithmic = positive && (measure.unit === 'us' || measure.unit === 'perSecond')
  const scale = (value: number | null) => (value === null || !isLogarithmic ? value : Math.log(value))
  const late = countOf(sides, run => !isSaturated(run) && isMadeByLateness(measure, run))
  return {measure, isLogarithmic, first: first.map(scale), second: second.map(scale), late}
}

/** Why a measure cannot be judged, of runs that are enough in all. */
function refusalOf({first, second, late}: Values, couples: readonly Couple[] | null, needed: number): string | null {
  const counts =
    couples === null
      ? [first, second].map(column => present(column).length)
      : [present(differencesOf({first, second}, couples)).length]
  const reason = tooFew({counts, needed, inPairs: couples !== null})
  if (reason === null) return null
  const isLate = late[0] + late[1] > 0
  return isLate
    ? `the generator was late in ${late[0]} and ${late[1]} runs: ${reason}`
    : `not measured in all runs: ${reason}`
}

function differencesOf({first, second}: Pick<Values, 'first' | 'second'>, couples: readonly Couple[]): Column {
  return couples.map(([a, b]) => {
    const [one, other] = [first[a]!, second[b]!]
    return one === null || other === null ? null : other - one
  })
}

function present(column: Column): number[] {
  return column.filter(value => value !== null)
}

function testFamily(family: readonly Values[], couples: readonly Couple[] | null): TestedFamily {
  if (couples !== null) return testPairs(family.map(values => drawInOutliers(differencesOf(values, couples))))
  return testGroups(
    family.map(({first, second}) => [...first, ...second]),
    family[0]!.first.length,
  )
}

function notJudged(name: string, reason: string | null): JudgedMeasure {
  return {name, judgement: null, reason, changePercent: null, pValue: null, detectablePercent: null}
}

interface Tested {
  readonly values: Values
  readonly couples: readonly Couple[] | null
  readonly significance: number
  /** Of the significance, one measure's. */
  readonly share: number
  readonly pValue: number
  readonly difference: number
}

function judge({values, couples, significance, share, pValue, difference}: Tested): JudgedMeasure {
  const {measure, isLogarithmic, first} = values
  const base = present(first).reduce((sum, value) => sum + value, 0) / present(first).length
  const percentOf = (size: number) => {
    if (isLogarithmic) return Math.expm1(size) * 100
    return base === 0 ? null : (size / Math.abs(base)) * 100
  }
  const relevant = isLogarithmic ? Math.log1p(RELEVANT_SHARE) : Math.abs(base) * RELEVANT_SHARE
  const least = Math.max(relevant, couples === null ? driftOf(values) : 0)
  const isChanged = pValue <= significance && Math.abs(difference) > least
  const isBetter = difference > 0 === (measure.better === 'higher')
  return {
    name: measure.name,
    judgement: isChanged ? (isBetter ? 'better' : 'worse') : 'same',
    reason: null,
    changePercent: percentOf(difference),
    pValue,
    detectablePercent: isChanged ? null : percentOf(detectable({values, couples, share, relevant})),
  }
}

/** What groups that were made one after the other must differ by at least. */
function driftOf({first, second}: Values): number {
  return DEVIATIONS_APART * pooledDeviation([present(first), present(second)])
}

interface Detectable extends Pick<Tested, 'values' | 'couples' | 'share'> {
  readonly relevant: number
}

/** So large that it would probably have been found, though the deviation is known from a few runs only. */
function detectable({values, couples, share, relevant}: Detectable): number {
  const groups =
    couples === null ? [present(values.first), present(values.second)] : [present(differencesOf(values, couples))]
  const counts = groups.map(group => group.length)
  const degreesOfFreedom = counts.reduce((sum, count) => sum + count - 1, 0)
  const scale = Math.sqrt(counts.reduce((sum, count) => sum + 1 / count, 0))
  const deviation = pooledDeviation(groups) * deviationReserve(degreesOfFreedom)
  const spread = {deviation, scale, degreesOfFreedom}
  const byTest = detectableDifference({...spread, significance: share})
  if (couples !== null) return Math.max(relevant, byTest)
  // Two-sided and without significance, the power alone is left.
  const power = detectableDifference({...spread, significance: 1})
  return Math.max(relevant, byTest, DEVIATIONS_APART * deviation + power)
}

interface DescribedTest {
  readonly tested: TestedFamily
  readonly family: readonly Values[]
  readonly couples: readonly Couple[] | null
  readonly significance: number
}

function describeTest({tested, family, couples, significance}: DescribedTest): string {
  const ways = `${tested.exact ? 'all ' : ''}${tested.arrangements.toLocaleString('en-US')}`
  const how =
    couples === null
      ? `${ways} ways to divide the runs into two groups`
      : `${ways} ways to swap A and B within their pairs`
  const names = family.map(({measure}) => measure.name).join(', ')
  const together = family.length === 1 ? '' : ' together'
  const drift =
    couples === null
      ? `, and by more than ${DEVIATIONS_APART} × the deviation of the runs, for groups drift apart (pairs do not)`
      : ''
  return (
    `permutation, ${how}, ${names}${together}; changed: p ≤ ${Number(significance.toPrecision(2))}, ` +
    `by more than ${RELEVANT_SHARE * 100} %${drift}`
  )
}
