import {Random} from '../../engine/data/random.js'

/** Beyond so many arrangements, so many are drawn instead: p values are then known to about 0.001. */
const ARRANGEMENTS_MOST = 200_000
/** Of a statistic, relative: what differs by less differs by rounding only. */
const ROUNDING = 1e-9
/** A pair counts as no more than so many times the median one: one odd run must not decide for all. */
const PAIR_MOST = 2

/** One measure: its value in each run or pair; null where there is none that may be used. */
export type Column = readonly (number | null)[]

export interface TestedFamily {
  /**
   * Of each column, corrected for all of them: the chance that equal
   * configurations show so large a difference in this or a less telling column.
   */
  readonly pValues: readonly number[]
  /** Mean difference, second − first. */
  readonly differences: readonly number[]
  /** How many arrangements were tried. */
  readonly arrangements: number
  /** All that there are. */
  readonly exact: boolean
}

/**
 * Whether two groups differ: the mean difference is held against those of all
 * ways to divide the same runs into two groups (permutation test, step-down
 * maximum over the columns after Westfall and Young).
 * @param columns values of the first group, then of the second
 */
export function testGroups(columns: readonly Column[], firstCount: number): TestedFamily {
  const count = columns[0]?.length ?? 0
  const secondCount = count - firstCount
  const observed = weightsOf(count, index => (index < firstCount ? -1 / firstCount : 1 / secondCount))
  const total = choose(count, secondCount)
  const exact = total <= ARRANGEMENTS_MOST
  const arrangements = exact ? everyDivision(observed, secondCount) : drawn(observed, shuffle)
  const centred = columns.map(column => {
    const known = column.filter(value => value !== null)
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length
    return column.map(value => (value === null ? 0 : value - mean))
  })
  const differences = columns.map(column => meanOf(column.slice(firstCount)) - meanOf(column.slice(0, firstCount)))
  return {...stepDown(centred, observed, arrangements), differences, exact}
}

/**
 * Whether pairs differ: the mean of their differences is held against those of
 * all ways to take the two of each pair the other way round (Fisher's sign-flip
 * test, with the same step-down maximum).
 * @param columns second − first, of each pair
 */
export function testPairs(columns: readonly Column[]): TestedFamily {
  const count = columns[0]?.length ?? 0
  const observed = weightsOf(count, () => 1)
  const exact = 2 ** count <= ARRANGEMENTS_MOST
  const arrangements = exact ? everyExchange(observed) : drawn(observed, flip)
  const present = columns.map(column => column.map(value => value ?? 0))
  return {...stepDown(present, observed, arrangements), differences: columns.map(meanOf), exact}
}

/**
 * Differences of pairs, none further from 0 than twice the median one. That bound is the same whichever way round the
 * pairs are taken: the test stays exact.
 */
export function drawInOutliers(column: Column): Column {
  const sizes = column.flatMap(value => (value === null ? [] : [Math.abs(value)])).sort((a, b) => a - b)
  const half = sizes.length / 2
  const median = sizes.length === 0 ? 0 : (sizes[Math.ceil(half) - 1]! + sizes[Math.floor(half)]!) / 2
  if (median === 0) return column
  const most = PAIR_MOST * median
  return column.map(value => (value === null ? null : Math.max(-most, Math.min(most, value))))
}

/** The more telling a column, the more columns it is held against. */
function stepDown(
  columns: readonly (readonly number[])[],
  observed: Float64Array,
  arrangements: Iterable<Float64Array>,
): Pick<TestedFamily, 'pValues' | 'arrangements'> {
  const norms = columns.map(column => Math.hypot(...column))
  const statistic = (weights: Float64Array, index: number) =>
    norms[index] === 0 ? 0 : Math.abs(dot(columns[index]!, weights)) / norms[index]!
  const own = columns.map((_, index) => statistic(observed, index))
  const limits = own.map(value => value * (1 - ROUNDING))
  const order = [...columns.keys()].sort((a, b) => own[b]! - own[a]!)
  const reached = columns.map(() => 0)
  let tried = 0
  for (const weights of arrangements) {
    tried += 1
    let largest = 0
    for (let place = order.length - 1; place >= 0; place--) {
      const index = order[place]!
      largest = Math.max(largest, statistic(weights, index))
      if (largest >= limits[index]!) reached[index]! += 1
    }
  }
  const pValues = columns.map(() => 1)
  let atLeast = 0
  for (const index of order) {
    atLeast = Math.max(atLeast, reached[index]! / tried)
    pValues[index] = atLeast
  }
  return {pValues, arrangements: tried}
}

/** Each in the same array. */
function* everyDivision(observed: Float64Array, secondCount: number): Generator<Float64Array> {
  const count = observed.length
  const weights = new Float64Array(count)
  const chosen = Array.from({length: secondCount}, (_, index) => index)
  for (;;) {
    weights.fill(observed[0]!)
    for (const index of chosen) weights[index] = observed[count - 1]!
    yield weights
    let place = secondCount - 1
    while (place >= 0 && chosen[place] === count - secondCount + place) place -= 1
    if (place < 0) return
    chosen[place]! += 1
    for (let next = place + 1; next < secondCount; next++) chosen[next] = chosen[next - 1]! + 1
  }
}

/** Each in the same array. */
function* everyExchange(observed: Float64Array): Generator<Float64Array> {
  const weights = Float64Array.from(observed)
  const count = 2 ** weights.length
  for (let mask = 0; mask < count; mask++) {
    for (let index = 0; index < weights.length; index++) weights[index] = (mask >> index) & 1 ? -1 : 1
    yield weights
  }
}

/** The observed one is one of them; the same runs always give the same p value. */
function* drawn(
  observed: Float64Array,
  change: (weights: Float64Array, random: Random) => void,
): Generator<Float64Array> {
  const weights = Float64Array.from(observed)
  const random = new Random({seed: 1, stream: weights.length})
  for (let index = 0; index < ARRANGEMENTS_MOST; index++) {
    if (index > 0) change(weights, random)
    yield weights
  }
}

function shuffle(weights: Float64Array, {next}: Random): void {
  for (let index = weights.length - 1; index > 0; index--) {
    const other = Math.floor(next() * (index + 1))
    const kept = weights[index]!
    weights[index] = weights[other]!
    weights[other] = kept
  }
}

function flip(weights: Float64Array, {next}: Random): void {
  for (let index = 0; index < weights.length; index++) weights[index] = next() < 0.5 ? -1 : 1
}

function weightsOf(count: number, weightOf: (index: number) => number): Float64Array {
  return Float64Array.from({length: count}, (_, index) => weightOf(index))
}

function dot(values: readonly number[], weights: Float64Array): number {
  let sum = 0
  for (let index = 0; index < weights.length; index++) sum += values[index]! * weights[index]!
  return sum
}

function meanOf(column: Column): number {
  const known = column.filter(value => value !== null)
  return known.reduce((sum, value) => sum + value, 0) / known.length
}

/** n over k. */
export function choose(n: number, k: number): number {
  let ways = 1
  for (let index = 1; index <= k; index++) ways = (ways * (n - k + index)) / index
  return ways
}
