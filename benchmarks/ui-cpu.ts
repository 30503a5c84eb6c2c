import {setTimeout as wait} from 'node:timers/promises'
import {median} from './statistics.ts'
import {mainThreadCpuSeconds, openLoaded, type UiFigure} from './ui-session.ts'

const TARGET_PERCENT = 12
const ROUNDS = 3
const SETTLE_MS = 1000
const WINDOW_MS = 7000

/** What the UI's main thread takes of a core at 120×40, five pictures a second, while the load runs. */
export async function measureCpu({server, profile}: {server: string; profile: string}): Promise<UiFigure[]> {
  const onLoad: number[] = []
  const onNodes: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    onLoad.push(await percentOfCore({server, profile, key: '2'}))
    onNodes.push(await percentOfCore({server, profile, key: '1'}))
  }
  return [figure(`on the Load screen while ${profile} runs`, onLoad), figure(`on the Nodes screen meanwhile`, onNodes)]
}

async function percentOfCore({server, profile, key}: {server: string; profile: string; key: string}): Promise<number> {
  const terminal = await openLoaded({server, profile, terminal: {columns: 120, rows: 40}})
  try {
    terminal.type(key)
    await terminal.until(key === '1' ? /\[1 Nodes]/ : /\[2 Load]/)
    terminal.lookAway()
    // What starting costs is not what running costs.
    await wait(SETTLE_MS)
    const startedMs = performance.now()
    const before = mainThreadCpuSeconds(terminal.pid)
    await wait(WINDOW_MS)
    const seconds = mainThreadCpuSeconds(terminal.pid) - before
    return (100 * seconds * 1000) / (performance.now() - startedMs)
  } finally {
    await terminal.close()
  }
}

function figure(what: string, samples: readonly number[]): UiFigure {
  const percent = median(samples) ?? Number.NaN
  return {
    what: `CPU of the UI’s main thread at 120×40 and 5 Hz ${what}, median of ${samples.length}`,
    got: `${percent.toFixed(1)} % of a core`,
    target: `< ${TARGET_PERCENT} %`,
    kept: percent < TARGET_PERCENT,
    samples,
  }
}
