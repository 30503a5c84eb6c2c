/** Several measurements of the same. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  /** max − min, in percent of the median; null when that is 0. */
  readonly spreadPercent: number | null
}

/** Null when one of the values is missing, or all are. */
export function summarize(values: readonly (number | null)[]): Spread | null {
  const known = values.filter(value => value !== null).sort((a, b) => a - b)
  if (known.length === 0 || known.length < values.length) return null
  const middle = known.length / 2
  const median = Number.isInteger(middle) ? (known[middle - 1]! + known[middle]!) / 2 : known[Math.floor(middle)]!
  const [min, max] = [known[0]!, known.at(-1)!]
  return {median, min, max, spreadPercent: median === 0 ? null : ((max - min) / Math.abs(median)) * 100}
}
