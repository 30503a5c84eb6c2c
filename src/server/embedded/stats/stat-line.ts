export type StatLine = readonly [name: string, value: string | number]

/** `STAT name value` lines with the final END. */
export function formatStats(lines: readonly StatLine[]): string {
  return `${lines.map(([name, value]) => `STAT ${name} ${value}\r\n`).join('')}END\r\n`
}
