import type {AskConnection} from '../../ask/ask-connection.js'
import {askText} from '../../ask/text-reply.js'
import {numberOf, parseStats, type StatsReply} from '../../protocol/text/stats-reply.js'

/** What expires sooner is not looked at: each node removes it when it likes. */
const EXPIRES_LATER_SECONDS = 10
/** An item that never expires is shown to expire when the node started, give or take its clock's granularity. */
const START_TOLERANCE_SECONDS = 2
/** Larger values are not read. */
const VALUE_MAX_BYTES = 65_536
const ALL_VALUES_MAX_BYTES = 1_048_576
const KEYS_PER_GET = 20
/** Probe keys of ours that may be among those used last: of a link that has stood still for a minute. */
const OWN_KEYS = 240

/**
 * Some keys of a node that will not expire soon, those used last first, of each slab class its share. Nothing where the
 * node lists none. @throws AskError when it does not answer
 */
export async function sampleKeys(connection: AskConnection, count: number): Promise<readonly string[]> {
  const stats = parseStats((await askText(connection, 'stats')).lines)
  const classes = parseStats((await askText(connection, 'stats items')).lines)
  if (stats === null || classes === null) return []
  const numbers = numbersOf(classes)
  const total = numbers.reduce((sum, {number}) => sum + number, 0)
  const keys: string[] = []
  let bytes = 0
  for (const {id, number} of numbers) {
    const share = Math.ceil((count * number) / total)
    const {lines} = await askText(connection, `stats cachedump ${id} ${share + OWN_KEYS}`)
    for (const item of listed(lines, stats).slice(0, share)) {
      if (item.bytes > VALUE_MAX_BYTES || bytes + item.bytes > ALL_VALUES_MAX_BYTES) continue
      bytes += item.bytes
      keys.push(item.key)
    }
  }
  return keys
}

/** What a node holds under these keys: flags and value in one, null where there is nothing. */
export async function readKeys(
  connection: AskConnection,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const held = new Map<string, string | null>(keys.map(key => [key, null]))
  for (let from = 0; from < keys.length; from += KEYS_PER_GET) {
    const asked = keys.slice(from, from + KEYS_PER_GET)
    const {lines, data} = await askText(connection, `get ${asked.join(' ')}`)
    let at = 0
    for (const line of lines) {
      const match = /^VALUE (\S+) (\d+) (\d+)$/.exec(line)
      if (match === null) continue
      const [, key, flags, size] = match
      held.set(key!, `${flags} ${data.slice(at, at + Number(size))}`)
      at += Number(size)
    }
  }
  return held
}

function numbersOf(classes: StatsReply): readonly {readonly id: string; readonly number: number}[] {
  return [...classes.keys()].flatMap(name => {
    const id = /^items:(\d+):number$/.exec(name)?.[1]
    const number = numberOf(classes, name) ?? 0
    return id === undefined || number === 0 ? [] : [{id, number}]
  })
}

function listed(
  lines: readonly string[],
  stats: StatsReply,
): readonly {readonly key: string; readonly bytes: number}[] {
  const now = numberOf(stats, 'time') ?? 0
  const startedAt = now - (numberOf(stats, 'uptime') ?? 0)
  return lines.flatMap(line => {
    const match = /^ITEM (\S+) \[(\d+) b; (\d+) s\]$/.exec(line)
    if (match === null || match[1]!.startsWith('repbench:')) return []
    const expiresAt = Number(match[3])
    const never = expiresAt <= startedAt + START_TOLERANCE_SECONDS
    return never || expiresAt > now + EXPIRES_LATER_SECONDS ? [{key: match[1]!, bytes: Number(match[2])}] : []
  })
}
