import {randomBytes} from 'node:crypto'
import {setTimeout as delay} from 'node:timers/promises'
import type {AskConnection} from '../../ask/ask-connection.js'
import {askText} from '../../ask/text-reply.js'
import {readKeys, sampleKeys} from './key-sample.js'
import type {PartedKey} from './parting.js'

const KEYS_MIN = 100
const KEYS_MAX = 2000
/** So many of the keys that part are wanted in a sample that is drawn by their share. */
const KEYS_WANTED = 5
const TTL_SECONDS = 60
const CROSS_LIMIT_MS = 3000
const CROSS_POLL_MS = 5
/** Where nothing may be written, what is on its way is given so long. */
const WAIT_MS = 1500
/** A key that is deleted and set again all the time may look the same twice. */
const ROUNDS = 2

export interface PartingLookOptions {
  readonly nodes: readonly [AskConnection, AskConnection]
  /** About which share of the items parts, 0 to 1: the fewer, the more keys are looked at. */
  readonly share: number
  /** Whether keys of our own may be written. */
  readonly mayWrite: boolean
  readonly signal: AbortSignal
}

export interface PartingFound {
  readonly looked: number
  readonly parted: readonly PartedKey[]
}

/**
 * Looks at keys of both nodes, and again at those that part, each time after all that was under way has arrived: the link
 * keeps the order, so a write of our own that has crossed has pushed all before it across. What parts then, and was not
 * changed meanwhile, will go on parting. Null when that could not be found out.
 * @throws AskError when a node does not answer
 */
export async function lookForParting({
  nodes,
  share,
  mayWrite,
  signal,
}: PartingLookOptions): Promise<PartingFound | null> {
  const count = Math.min(KEYS_MAX, Math.max(KEYS_MIN, Math.ceil(KEYS_WANTED / Math.max(share, 1e-6))))
  const samples = await Promise.all(nodes.map(node => sampleKeys(node, count)))
  const keys = [...new Set(samples.flat())]
  const before = await comparison(nodes, keys)
  let suspects = before
  for (let round = 0; round < ROUNDS && suspects.size > 0; round++) {
    if (!(await allHasArrived(nodes, mayWrite, signal))) return null
    suspects = await comparison(nodes, [...suspects.keys()])
    for (const [key, held] of suspects) {
      const then = before.get(key)!
      if (held[0] !== then[0] || held[1] !== then[1]) suspects.delete(key)
    }
  }
  const parted = [...suspects].map(([key, held]): PartedKey => {
    const kind = held[1] === null ? 'onlyOnFirst' : held[0] === null ? 'onlyOnSecond' : 'different'
    return {key, kind}
  })
  return {looked: keys.length, parted}
}

type Held = readonly [string | null, string | null]

/** Those keys that are not the same on both nodes. */
async function comparison(nodes: PartingLookOptions['nodes'], keys: readonly string[]): Promise<Map<string, Held>> {
  const [first, second] = await Promise.all(nodes.map(node => readKeys(node, keys)))
  const parted = new Map<string, Held>()
  for (const key of keys) {
    const held = [first!.get(key) ?? null, second!.get(key) ?? null] as const
    if (held[0] !== held[1]) parted.set(key, held)
  }
  return parted
}

async function allHasArrived(
  nodes: PartingLookOptions['nodes'],
  mayWrite: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  if (!mayWrite) {
    await delay(WAIT_MS, undefined, {signal})
    return true
  }
  const [first, second] = nodes
  const crossed = await Promise.all([writeCrosses(first, second, signal), writeCrosses(second, first, signal)])
  return crossed.every(Boolean)
}

async function writeCrosses(from: AskConnection, to: AskConnection, signal: AbortSignal): Promise<boolean> {
  const key = `repbench:probe:${randomBytes(4).toString('hex')}:look`
  const {lines} = await askText(from, `set ${key} 0 ${TTL_SECONDS} 1\r\nx`)
  if (lines[0] !== 'STORED') return false
  try {
    const untilMs = performance.now() + CROSS_LIMIT_MS
    while (performance.now() < untilMs) {
      if ((await readKeys(to, [key])).get(key) !== null) return true
      await delay(CROSS_POLL_MS, undefined, {signal})
    }
    return false
  } finally {
    for (const connection of [from, to]) await askText(connection, `delete ${key}`).catch(() => {})
  }
}
