import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../protocol/address.js'
import {isSame} from './arrival.js'
import type {Found, KeyReader} from './key-reader.js'

export interface KeyCheck {
  readonly key: string
  readonly nodes: readonly {readonly name: string; readonly found: Found}[]
  readonly same: boolean
  /** How long it took until all were the same; null when they were at once, or never. */
  readonly settledAfterMs: number | null
}

/** A write under way needs its time; what differs for longer differs. */
const SETTLE_LIMIT_MS = 1000
const ASK_AGAIN_MS = 5

/** Reads a key on every node, and again while they differ. */
export async function checkKey(
  {key, nodes}: {key: string; nodes: readonly {readonly name: string; readonly address: Address}[]},
  reader: KeyReader,
): Promise<KeyCheck> {
  const startedMs = performance.now()
  for (let looks = 1; ; looks++) {
    const found = await Promise.all(nodes.map(({address}) => reader.read(address, key)))
    const same = found.every(one => isSame(one, found[0]!))
    const passedMs = performance.now() - startedMs
    if (same || passedMs > SETTLE_LIMIT_MS || found.includes('silent')) {
      return {
        key,
        nodes: nodes.map(({name}, index) => ({name, found: found[index]!})),
        same,
        settledAfterMs: same && looks > 1 ? passedMs : null,
      }
    }
    await delay(ASK_AGAIN_MS)
  }
}

/** One line for people. `lagMs`: how long the last write of the key took to cross, where that is known. */
export function describeKeyCheck({key, nodes, same, settledAfterMs}: KeyCheck, lagMs: number | null): string {
  const names = nodes.map(({name}) => name).join(', ')
  const first = nodes[0]?.found
  if (!same) return `${key} DIFFERS: ${nodes.map(({name, found}) => `${name} ${describe(found)}`).join(' · ')}`
  if (first == null || first === 'silent') return `${key} is missing on ${names}`
  const settled = settledAfterMs === null ? '' : `, after ${settledAfterMs.toFixed(1)} ms`
  const crossed = lagMs === null ? '' : `; its last write crossed in ${lagMs.toFixed(1)} ms`
  return `${key} is the same on ${names}: ${describe(first)}${settled}${crossed}`
}

function describe(found: Found): string {
  if (found === 'silent') return 'does not answer'
  return found === null ? 'missing' : `${countBytes(found.bytes)}, flags ${found.flags}`
}

function countBytes(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`
}
