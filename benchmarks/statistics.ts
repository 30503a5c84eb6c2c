/** Middle value of those that were measured, of an even number the mean of the middle two; or null. */
export function median(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null).sort((a, b) => a - b)
  if (known.length === 0) return null
  const half = known.length / 2
  return (known[Math.ceil(half) - 1]! + known[Math.floor(half)]!) / 2
}

/** The smallest value that is not below `percent` of them all. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}

/** A Markdown table; the first row is the header. */
export function markdownTable(rows: readonly (readonly (string | number)[])[]): string {
  const [header = [], ...body] = rows
  return [header, header.map(() => '---'), ...body].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
