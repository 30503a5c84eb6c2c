/**
 * Whether drawn numbers follow a distribution, by chi-square and
 * Kolmogorov–Smirnov tests at a significance of 0.001: with fixed seeds a
 * draw that passes passes for ever, and a wrong one of these sizes never does.
 */

/** Normal quantile of 0.999. */
const Z = 3.0902

/** Chi-square is trustworthy where each bin is expected to hold this much (Cochran 1954 asks for 5). */
const EXPECTED_MIN = 20

/**
 * Critical value of chi-square: Wilson and Hilferty's approximation (PNAS 17, 1931), good to 1 % here;
 * against tables (NIST/SEMATECH e-Handbook 1.3.6.7.4): 10 degrees 29.59 for 29.588, 100 degrees 149.45 for 149.449.
 */
export function chiSquareCritical(degrees: number): number {
  const share = 2 / (9 * degrees)
  return degrees * (1 - share + Z * Math.sqrt(share)) ** 3
}

/** @param expected in the order of `observed`; neighbours are put together until each bin is expected to hold enough */
export function chiSquare(
  observed: ArrayLike<number>,
  expected: ArrayLike<number>,
): {statistic: number; critical: number} {
  let statistic = 0
  let bins = 0
  let seen = 0
  let awaited = 0
  let left = 0
  for (let i = 0; i < expected.length; i++) left += expected[i]!
  for (let i = 0; i < expected.length; i++) {
    seen += observed[i]!
    awaited += expected[i]!
    left -= expected[i]!
    // What is left over at the end joins the last bin.
    if (i < expected.length - 1 && (awaited < EXPECTED_MIN || left < EXPECTED_MIN)) continue
    statistic += (seen - awaited) ** 2 / awaited
    bins++
    seen = awaited = 0
  }
  return {statistic, critical: bins > 1 ? chiSquareCritical(bins - 1) : 1e-6}
}

/**
 * Largest distance between the draws and a continuous distribution; critical
 * value for many draws: sqrt(−ln(α / 2) / 2) / sqrt(n) (Smirnov 1948).
 */
export function kolmogorovSmirnov(
  draws: Float64Array,
  cdf: (x: number) => number,
): {statistic: number; critical: number} {
  const sorted = draws.toSorted()
  let statistic = 0
  for (let i = 0; i < sorted.length; i++) {
    const share = cdf(sorted[i]!)
    statistic = Math.max(statistic, Math.abs(share - i / sorted.length), Math.abs((i + 1) / sorted.length - share))
  }
  return {statistic, critical: Math.sqrt(-Math.log(0.001 / 2) / 2) / Math.sqrt(sorted.length)}
}

/** The normal distribution: Abramowitz and Stegun 26.2.17, good to 7.5e-8. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum
  return x > 0 ? 1 - tail : tail
}
