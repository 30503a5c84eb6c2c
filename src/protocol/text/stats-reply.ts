/** The figures of one `stats …` reply, in its order. */
export type StatsReply = ReadonlyMap<string, string>

/** Reads the lines of a `stats` reply; null when they are no complete list of figures, as in `ERROR` for an unknown name. */
export function parseStats(lines: readonly string[]): StatsReply | null {
  if (lines.at(-1) !== 'END') return null
  const stats = new Map<string, string>()
  for (const line of lines) {
    const match = /^STAT (\S+) (.*)$/.exec(line)
    if (match !== null) stats.set(match[1]!, match[2]!)
  }
  return stats
}

/** A figure as a number; null when it is missing or no number. */
export function numberOf(stats: StatsReply, name: string): number | null {
  const text = stats.get(name)
  const value = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}
