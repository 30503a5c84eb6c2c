const reads: ReadonlySet<string> = new Set(['get', 'gets', 'stats', 'version', 'quit', 'mn', 'me'])
const resets: ReadonlySet<string> = new Set(['reset', 'detail'])
const dumps: ReadonlySet<string> = new Set(['metadump', 'mgdump'])
/** Flags that make `mg` write: N makes an item, T gives it another time, R hands out the right to renew it. */
const writingFlags = /^[NTR]/

/** Whether a line typed to a node changes nothing there. */
export function isReadOnlyLine(line: string): boolean {
  const [command = '', argument = '', ...rest] = line.trim().split(/\s+/)
  switch (command) {
    case 'stats':
      return !resets.has(argument)
    case 'lru_crawler':
      return dumps.has(argument)
    case 'mg':
      return !rest.some(flag => writingFlags.test(flag))
    default:
      return reads.has(command)
  }
}
