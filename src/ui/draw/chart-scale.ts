export type ScaleKind = 'linear' | 'log'

/** Where values stand between the bottom (0) and the top (1) of a chart, and back. */
export interface ChartScale {
  readonly shareOf: (value: number) => number
  readonly valueAt: (share: number) => number
}

// Without it, noise of a tenth of a percent would fill the chart.
const SMALLEST_RANGE_SHARE = 0.1
const SMALLEST_RANGE_DECADES = 0.1

/**
 * A scale on which all of the values have room.
 * @param most there is nothing above it: where the scale is widened, it is downwards
 */
export function chartScale(values: readonly number[], kind: ScaleKind, most = Number.POSITIVE_INFINITY): ChartScale {
  const positive = values.filter(value => value > 0)
  // A logarithm has nothing to say of 0 and less: these stand at the bottom, with the smallest that it can tell.
  if (kind === 'linear' || positive.length === 0) return linear(...below(linearRange(values), most))
  const least = smallest(positive)
  const [low, high] = widened(Math.log10(least), Math.log10(largest(positive)), SMALLEST_RANGE_DECADES)
  const {shareOf, valueAt} = linear(low, high)
  return {
    shareOf: value => shareOf(Math.log10(Math.max(value, least))),
    valueAt: share => 10 ** valueAt(share),
  }
}

function linear(low: number, high: number): ChartScale {
  return {shareOf: value => (value - low) / (high - low), valueAt: share => low + (high - low) * share}
}

function linearRange(values: readonly number[]): readonly [low: number, high: number] {
  const low = smallest(values)
  const high = largest(values)
  if (high === 0 && low === 0) return [0, 1]
  return widened(low, high, Math.max(Math.abs(high), Math.abs(low)) * SMALLEST_RANGE_SHARE)
}

function below([low, high]: readonly [number, number], most: number): readonly [low: number, high: number] {
  const over = Math.max(0, high - most)
  return [low - over, high - over]
}

function widened(low: number, high: number, least: number): readonly [low: number, high: number] {
  if (high - low >= least) return [low, high]
  const middle = (high + low) / 2
  return [middle - least / 2, middle + least / 2]
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b))
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b))
}
