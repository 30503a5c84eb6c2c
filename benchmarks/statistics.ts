/** Middle value of those that were measured, or null. */
export function median(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null).sort((a, b) => a - b)
  return known.length === 0 ? null : known[Math.floor(known.length / 2)]!
}

/** A Markdown table; the first row is the header. */
export function markdownTable(rows: readonly (readonly (string | number)[])[]): string {
  const [header = [], ...body] = rows
  return [header, header.map(() => '---'), ...body].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
