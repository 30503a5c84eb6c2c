import {spawn} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {setTimeout as wait} from 'node:timers/promises'
import {binPath} from './processes.ts'
import {median} from './statistics.ts'
import {openLoaded, type UiFigure} from './ui-session.ts'

const TARGET_PERCENT = 3

interface Measured {
  readonly opsPerSecond: number
  readonly responseP99Us: number
  readonly serviceP99Us: number
}

/** The same load without the UI and under it, in turns: what it does to the figures. */
export async function measureOverhead(options: {
  readonly server: string
  readonly profile: string
  readonly rounds: number
  readonly fps: number
}): Promise<UiFigure[]> {
  const headless: Measured[] = []
  const underUi: Measured[] = []
  for (let round = 0; round < options.rounds; round++) {
    const turns = [
      async () => headless.push(await runHeadless(options)),
      async () => underUi.push(await runUnderUi(options)),
    ]
    // Whoever comes second finds the machine warmer.
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  }
  const {profile} = options
  return [
    figure({what: `rate of ${profile} under the UI ÷ headless`, of: 'opsPerSecond', worse: 'lower', headless, underUi}),
    figure({what: `response p99 of ${profile}`, of: 'responseP99Us', worse: 'higher', headless, underUi}),
    figure({what: `service p99 of ${profile}`, of: 'serviceP99Us', worse: 'higher', headless, underUi}),
  ]
}

async function runHeadless({server, profile}: {server: string; profile: string}): Promise<Measured> {
  return await withStateDirectory(async env => {
    const args = [binPath, 'load', '--profile', profile, '--server', server, '--json']
    const child = spawn(process.execPath, args, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'ignore']})
    return measuredOf(JSON.parse(await text(child.stdout)))
  })
}

async function runUnderUi(options: {server: string; profile: string; fps: number}): Promise<Measured> {
  return await withStateDirectory(async (env, directory) => {
    const terminal = await openLoaded({...options, terminal: {columns: 120, rows: 40, env}})
    try {
      // A terminal would be on the operator's machine; here it would compete with what is measured.
      terminal.lookAway()
      return measuredOf(JSON.parse(readFileSync(await savedRun(join(directory, 'repbench', 'runs')), 'utf8')))
    } finally {
      await terminal.close()
    }
  })
}

/** The first run that is kept in a directory, as soon as it is there. */
async function savedRun(runs: string): Promise<string> {
  for (;;) {
    const [name] = existsSync(runs) ? readdirSync(runs).filter(file => file.endsWith('.json')) : []
    if (name !== undefined) return join(runs, name)
    await wait(200)
  }
}

async function withStateDirectory<T>(use: (env: NodeJS.ProcessEnv, directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'repbench-bench-'))
  try {
    return await use({XDG_STATE_HOME: directory}, directory)
  } finally {
    rmSync(directory, {recursive: true, force: true})
  }
}

function measuredOf({
  throughput,
  latencyUs,
}: {
  throughput: {opsPerSecond: number}
  latencyUs: {response: {p99: number}; service: {p99: number}}
}): Measured {
  return {
    opsPerSecond: throughput.opsPerSecond,
    responseP99Us: latencyUs.response.p99,
    serviceP99Us: latencyUs.service.p99,
  }
}

function figure({
  what,
  of,
  worse,
  headless,
  underUi,
}: {
  what: string
  of: keyof Measured
  worse: 'lower' | 'higher'
  headless: readonly Measured[]
  underUi: readonly Measured[]
}): UiFigure {
  const ratios = headless.map((run, round) => underUi[round]![of] / run[of])
  const percent = ((median(ratios) ?? Number.NaN) - 1) * 100
  const middle = (runs: readonly Measured[]) => median(runs.map(run => run[of])) ?? Number.NaN
  const amount = (value: number) => (of === 'opsPerSecond' ? `${value.toFixed(0)} op/s` : `${value.toFixed(0)} µs`)
  const spread = ratios.map(ratio => ratio.toFixed(2)).join(' ')
  return {
    what: `${what}: ${amount(middle(headless))} headless, ${amount(middle(underUi))} under the UI; ratios ${spread}`,
    got: `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`,
    target: `≤ ${TARGET_PERCENT} % ${worse}`,
    kept: worse === 'lower' ? percent >= -TARGET_PERCENT : percent <= TARGET_PERCENT,
    samples: ratios,
  }
}
