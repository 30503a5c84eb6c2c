const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/**
 * The newest `width` values as one line of exactly `width` cells, newest at the
 * right; null is a gap. Scaled from 0 to the largest value shown (at least `floor`).
 */
export function sparkline(values: readonly (number | null)[], width: number, floor = 1): string {
  const shown = width <= 0 ? [] : values.slice(-width)
  const top = shown.reduce<number>((max, value) => Math.max(max, finite(value) ?? 0), floor)
  const line = shown.map(value => {
    const height = finite(value)
    if (height === null) return ' '
    return levels[Math.round((Math.max(0, height) / top) * (levels.length - 1))]
  })
  return ' '.repeat(Math.max(0, width - shown.length)) + line.join('')
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}
