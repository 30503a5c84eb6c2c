/**
 * Is the lag that `load --lag-probe` reports the true one? A pair whose link has a known behaviour, measured by an
 * independent open loop (test/instruments/lag-meter.ts) and by repbench at the same time.
 * `node benchmarks/lag.bench.ts [scenario …]`; REPCACHED_BIN adds the real pair, REPBENCH_BIN measures another build.
 */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync} from 'node:fs'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {setTimeout as wait} from 'node:timers/promises'
import {LagMeter, type MeteredWrite, percentileOf} from '../test/instruments/lag-meter.ts'
import {LinkProxy} from '../test/instruments/link-proxy.ts'
import {binPath, end, untilOpen} from './processes.ts'
import {markdownTable} from './statistics.ts'

const host = '127.0.0.1'
const [MASTER, SLAVE, LISTEN, THROUGH] = [28_221, 28_222, 28_223, 28_224] as const
const STARTS_WITHIN_SECONDS = 1.5
const QUEUE = '200000'
const repbench = process.env.REPBENCH_BIN ?? binPath
const repcached = process.env.REPCACHED_BIN
/** Benchmarks leave no runs in the user's history. */
const quietEnvironment = {...process.env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'repbench-bench-'))}
const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []

interface Scenario {
  readonly name: string
  readonly planted: string
  readonly behaviour: Parameters<LinkProxy['behave']>[0]
  readonly seconds: number
  /** Calls per second and bytes of their values. */
  readonly rate: number
  readonly bytes: number
  /** The link lets nothing through for so long. */
  readonly stall?: {readonly atSeconds: number; readonly seconds: number}
}

const constant = (ms: number): Scenario => ({
  name: `constant ${ms} ms`,
  planted: `${ms} ms`,
  behaviour: {delayMs: ms},
  seconds: 10,
  rate: 200,
  bytes: 100,
})

const scenarios: readonly Scenario[] = [
  constant(5),
  constant(20),
  constant(100),
  {
    name: 'throttled',
    planted: '1 MB/s, 2 MB/s offered',
    behaviour: {bytesPerSecond: 1_000_000, bufferBytes: 65_536},
    seconds: 16,
    rate: 1000,
    bytes: 2000,
  },
  {
    name: 'stalled',
    planted: 'nothing for 5 s',
    behaviour: {},
    seconds: 12,
    rate: 200,
    bytes: 100,
    stall: {atSeconds: 3, seconds: 5},
  },
]

interface Reported {
  readonly count: number
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
  readonly unseen?: number
  readonly notCrossed?: number
}

type Backend = 'embedded' | 'repcached'

interface Command {
  readonly program: string
  readonly args: readonly string[]
}

/** On any core: two programs that share one wait for each other, and for whoever else is bound to it. */
function start({program, args}: Command): ChildProcess {
  return spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], env: quietEnvironment})
}

function nodeOf(backend: Backend, port: number, link: readonly string[]): Command {
  const common = ['-l', host, '-p', String(port), '-m', '512', '-q', QUEUE, ...link]
  return backend === 'embedded'
    ? {program: process.execPath, args: [binPath, 'node', ...common]}
    : {program: repcached!, args: ['-U', '0', ...asRoot, ...common]}
}

async function measure(backend: Backend, scenario: Scenario): Promise<(string | number)[]> {
  const children: ChildProcess[] = []
  let proxy: LinkProxy | undefined
  try {
    children.push(start(nodeOf(backend, MASTER, ['-X', String(LISTEN)])))
    await untilOpen(host, MASTER)
    proxy = await LinkProxy.open({listen: {host, port: THROUGH}, to: {host, port: LISTEN}})
    children.push(start(nodeOf(backend, SLAVE, ['-x', host, '-X', String(THROUGH)])))
    await untilOpen(host, SLAVE)
    await untilPaired()
    proxy.behave(scenario.behaviour)
    const {metered, reported, seconds} = await load(proxy, scenario)
    const missing = reported.unseen ?? reported.notCrossed ?? 0
    const ms = (us: number | null) => (us === null ? '–' : (us / 1000).toFixed(1))
    return [
      backend,
      scenario.name,
      scenario.planted,
      [50, 99, 100].map(percent => percentileOf(metered, percent).toFixed(1)).join(' / '),
      `${metered.length} (${metered.filter(({seen}) => !seen).length})`,
      `${ms(reported.p50)} / ${ms(reported.p99)} / ${ms(reported.max)}`,
      `${reported.count} (${missing})`,
      seconds,
    ]
  } finally {
    await end(children)
    await proxy?.close()
  }
}

async function load(
  proxy: LinkProxy,
  {seconds, rate, bytes, stall}: Scenario,
): Promise<{metered: readonly MeteredWrite[]; reported: Reported; seconds: string}> {
  const servers = ['--server', `${host}:${MASTER}`, '--server', `${host}:${SLAVE}`]
  const plan = ['--rate', String(rate), '--duration', `${seconds}s`, '--conns', '4', '--sizes', String(bytes)]
  const args = [repbench, 'load', '--profile', 'seed', ...servers, ...plan, '--mix', 'set:1', '--lag-probe', '--json']
  const child = start({program: process.execPath, args})
  const startedAtMs = startOf(child)
  const loading = Promise.all([text(child.stdout!), once(child, 'close')])
  const startMs = performance.now()
  const meter = await LagMeter.open({from: {host, port: MASTER}, to: {host, port: SLAVE}})
  if (stall !== undefined) {
    setTimeout(() => proxy.stall(), stall.atSeconds * 1000)
    setTimeout(() => proxy.resume(), (stall.atSeconds + stall.seconds) * 1000)
  }
  await wait((seconds + STARTS_WITHIN_SECONDS) * 1000)
  const written = await meter.stop({drainMs: 40_000})
  const [stdout] = await loading
  const document = JSON.parse(stdout)
  const chart = document.timeline.map(({lag}: {lag: number | null}) => (lag === null ? '–' : Math.round(lag / 1000)))
  // Both over the same time.
  const fromMs = await startedAtMs
  const metered = written.filter(({storedAtMs}) => storedAtMs >= fromMs && storedAtMs < fromMs + seconds * 1000)
  return {
    metered,
    reported: document.lagUs.aToB,
    seconds: `${chart.join(' ')} (${((performance.now() - startMs) / 1000).toFixed(0)} s)`,
  }
}

/** When the load itself began, as its progress tells, in ms since the epoch. */
function startOf(child: ChildProcess): Promise<number> {
  return new Promise(resolve => {
    child.stderr!.on('data', chunk => {
      const seconds = /running +(\d+\.\d+) s of/.exec(String(chunk))?.[1]
      if (seconds !== undefined) resolve(Date.now() - Number(seconds) * 1000)
    })
  })
}

/** A write crosses. */
async function untilPaired(): Promise<void> {
  const ask = (port: number, text: string) =>
    new Promise<string>(resolve => {
      const socket = connect(port, host, () => socket.write(text))
      socket.once('data', data => {
        socket.destroy()
        resolve(String(data))
      })
    })
  await ask(MASTER, 'set paired 0 60 1\r\n1\r\n')
  while (!(await ask(SLAVE, 'get paired\r\n')).startsWith('VALUE')) await wait(20)
}

const wanted = process.argv.slice(2)
const rows: (string | number)[][] = []
for (const backend of repcached === undefined ? (['embedded'] as const) : (['embedded', 'repcached'] as const)) {
  for (const scenario of scenarios) {
    if (wanted.length > 0 && !wanted.some(name => scenario.name.includes(name))) continue
    rows.push(await measure(backend, scenario))
    process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`)
  }
}
const ofMs = 'p50 / p99 / max ms'
process.stdout.write(
  `${markdownTable([
    [
      'pair',
      'link',
      'planted',
      `independent ${ofMs}`,
      'writes (unseen)',
      `repbench ${ofMs}`,
      'probes (unseen)',
      'timeline, ms',
    ],
    ...rows,
  ])}\n`,
)
