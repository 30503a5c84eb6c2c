/** A change of the size that is named is found so often. */
const POWER = 0.9

/** Of the normal distribution, at nine tenths. */
const RESERVE_NORMAL = 1.2816
const SHARE_LEAST = 0.2

interface SpreadOfRuns {
  /** Standard deviation of one difference, or of one run. */
  readonly deviation: number
  /** Of the difference, in such deviations: 1/√n of pairs, √(1/a + 1/b) of groups. */
  readonly scale: number
  readonly degreesOfFreedom: number
  /** Of one measure of the family, two-sided. */
  readonly significance: number
}

/** The smallest difference that would probably have been found, in the unit of the deviation (by Student's t). */
export function detectableDifference({deviation, scale, degreesOfFreedom, significance}: SpreadOfRuns): number {
  const quantiles = tQuantile(1 - significance / 2, degreesOfFreedom) + tQuantile(POWER, degreesOfFreedom)
  return quantiles * deviation * scale
}

/** What a deviation that was estimated from few runs probably does not exceed, as a multiple of the estimate. */
export function deviationReserve(degreesOfFreedom: number): number {
  // Quantile of chi-square after Wilson and Hilferty.
  const ninth = 2 / (9 * degreesOfFreedom)
  const share = Math.max(SHARE_LEAST, 1 - ninth - RESERVE_NORMAL * Math.sqrt(ninth)) ** 3
  return 1 / Math.sqrt(share)
}

/** Square root of the mean square of differences from the mean of their group. */
export function pooledDeviation(groups: readonly (readonly number[])[]): number {
  const squares = groups.map(values => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  })
  const freedom = groups.reduce((sum, values) => sum + values.length - 1, 0)
  return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / freedom)
}

/** Quantile of Student's t, for a share above one half. */
export function tQuantile(share: number, degreesOfFreedom: number): number {
  let [low, high] = [0, 1]
  while (tShareBelow(high, degreesOfFreedom) < share) high *= 2
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2
    if (tShareBelow(middle, degreesOfFreedom) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Distribution function of Student's t, for t ≥ 0 and whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4). */
function tShareBelow(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan2(t, Math.sqrt(degreesOfFreedom))
  const cosine = Math.cos(angle)
  const odd = degreesOfFreedom % 2 === 1
  let term = odd ? cosine : 1
  let sum = degreesOfFreedom === 1 ? 0 : term
  for (let power = odd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2
    sum += term
  }
  const between = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
  return (1 + between) / 2
}
