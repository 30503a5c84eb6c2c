import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Terminal} from '../test/helpers/tui-terminal.ts'
import {median} from './statistics.ts'
import type {UiFigure} from './ui-session.ts'

const TARGET_MS = 300
const STARTS = 9

/** From the start of the process to the whole first screen on the terminal. */
export async function measureFirstFrame(): Promise<UiFigure[]> {
  await startOnce({})
  const warm: number[] = []
  for (let start = 0; start < STARTS; start++) warm.push(await startOnce({}))
  const cache = mkdtempSync(join(tmpdir(), 'repbench-bench-cache-'))
  const cold = await startOnce({XDG_CACHE_HOME: cache})
  rmSync(cache, {recursive: true})
  const ms = median(warm) ?? Number.NaN
  return [
    {
      what: `first frame after the start of the process, median of ${STARTS}`,
      got: `${ms.toFixed(0)} ms`,
      target: `< ${TARGET_MS} ms`,
      kept: ms < TARGET_MS,
      samples: warm,
    },
    {
      what: 'the same on the very first start, nothing compiled yet (once)',
      got: `${cold.toFixed(0)} ms`,
      target: '–',
      kept: true,
      samples: [cold],
    },
  ]
}

async function startOnce(env: NodeJS.ProcessEnv): Promise<number> {
  const startedMs = performance.now()
  const terminal = new Terminal({columns: 120, rows: 40, env})
  try {
    // The last line of the frame too.
    await terminal.until(/No nodes yet[\s\S]*q quit/)
    const ms = performance.now() - startedMs
    // A program that is killed keeps no compiled code for the next start.
    terminal.type('q')
    await terminal.exit
    return ms
  } finally {
    await terminal.close()
  }
}
