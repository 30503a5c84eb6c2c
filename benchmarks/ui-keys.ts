import {setTimeout as wait} from 'node:timers/promises'
import {percentile} from './statistics.ts'
import {openLoaded, type UiFigure} from './ui-session.ts'

const TARGET_MS = 50
const ROUNDS = 3
const ROUND_MS = 7500

/** Keys that change the screen, and what shows that they did. */
const presses: readonly (readonly [key: string, shown: RegExp])[] = [
  ['1', /\[1 Nodes]/],
  ['2', /\[2 Load]/],
  ['?', /─ Keys ─/],
  ['?', /\[2 Load](?![\s\S]*─ Keys ─)/],
]

/** From a key to the screen that it asks for, while the load runs. */
export async function measureKeys({server, profile}: {server: string; profile: string}): Promise<UiFigure> {
  const samples: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const terminal = await openLoaded({server, profile, terminal: {columns: 120, rows: 40}})
    try {
      const endMs = performance.now() + ROUND_MS
      for (let at = 0; performance.now() < endMs; at++) {
        const [key, shown] = presses[at % presses.length]!
        // At any moment between two pictures.
        await wait(40 + Math.random() * 200)
        const pressedMs = performance.now()
        terminal.type(key)
        await terminal.until(shown)
        samples.push(performance.now() - pressedMs)
      }
    } finally {
      await terminal.close()
    }
  }
  const [p50, p95, most] = [50, 95, 100].map(percent => percentile(samples, percent)) as [number, number, number]
  return {
    what: `key to screen while ${profile} runs, p95 of ${samples.length} (p50 ${p50.toFixed(0)}, max ${most.toFixed(0)} ms)`,
    got: `${p95.toFixed(0)} ms`,
    target: `< ${TARGET_MS} ms`,
    kept: p95 < TARGET_MS,
    samples,
  }
}
