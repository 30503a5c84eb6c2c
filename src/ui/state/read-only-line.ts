const reads: ReadonlySet<string> = new Set(['get', 'gets', 'stats', 'version', 'quit'])
const resets: ReadonlySet<string> = new Set(['reset', 'detail'])

/** Whether a line typed to a node changes nothing there. */
export function isReadOnlyLine(line: string): boolean {
  const [command = '', argument = ''] = line.trim().split(/\s+/)
  return reads.has(command) && !(command === 'stats' && resets.has(argument))
}
