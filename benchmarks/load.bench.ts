import type {ChildProcess} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {LOAD_CORE, type Measured, type Tool, tools, type Work} from './load-tools.ts'
import {binPath, canPin, end, runTimed, startPinned, untilOpen} from './processes.ts'
import {soak} from './soak.ts'
import {markdownTable, median} from './statistics.ts'

/**
 * repbench load beside other load generators: the server on core 0, the
 * generator on core 1, one thread each, interleaved, medians, ratios. Peers come
 * from the environment: MCPERF_BIN, MEMTIER_BIN, MEMASLAP_BIN, MEMCACHED_BIN
 * (else `memcached` on the PATH); what is not there is left out.
 * Options: --rounds N, --seconds S, --only TEXT (of works), --servers A,B,
 * --out-dir DIR (load-bench.json and load-bench.md; works that were not chosen
 * keep their figures), --soak N (memory over N operations, nothing else).
 */
const {values: options} = parseArgs({
  options: {
    rounds: {type: 'string', default: '5'},
    seconds: {type: 'string', default: '3'},
    only: {type: 'string', default: ''},
    servers: {type: 'string', default: 'memcached,embedded'},
    'out-dir': {type: 'string'},
    soak: {type: 'string'},
  },
})

const SERVER_CORE = 0
const PORT = 28_311
const HOST = '127.0.0.1'
const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []

interface Server {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
}

const allServers: readonly Server[] = [
  {
    name: 'memcached',
    program: process.env.MEMCACHED_BIN ?? 'memcached',
    args: ['-l', HOST, '-p', `${PORT}`, '-U', '0', '-t', '1', '-m', '1024', '-c', '4096', ...asRoot],
  },
  {
    name: 'embedded',
    program: process.execPath,
    args: [binPath, 'node', '-l', HOST, '-p', `${PORT}`, '-m', '1024', '--no-replication'],
  },
]

const small = {minBytes: 32, maxBytes: 32}
const large = {minBytes: 1024, maxBytes: 10_240}
const works: readonly Work[] = [
  {name: 'set 32 B × 50', method: 'set', connections: 50, pipeline: 1, ...small},
  {name: 'set 1-10 KB × 100', method: 'set', connections: 100, pipeline: 1, ...large},
  {name: 'get 1-10 KB × 100', method: 'get', connections: 100, pipeline: 1, ...large},
  {name: 'set 32 B × 50, pipeline 16', method: 'set', connections: 50, pipeline: 16, ...small},
]

/** One line of the table. */
interface Row {
  readonly work: string
  readonly server: string
  readonly tool: string
  readonly opsPerSecond: number | null
  readonly cpuUs: number | null
  /** repbench's rate to this one's, of one round each, median. */
  readonly rateRatio: number | null
  readonly cpuRatio: number | null
}

/** The published load: 100 connections, 1000 sets of 1-10 KB a second each, opened at 1000 a second. */
interface SeedRow {
  readonly server: string
  readonly rateKept: number | null
  readonly slipP99Us: number | null
  readonly responseP99Us: number | null
  readonly generatorCores: number | null
}

async function withServer<T>({program, args}: Server, use: () => Promise<T>): Promise<T> {
  const children: ChildProcess[] = [startPinned({core: SERVER_CORE, program, args})]
  try {
    await untilOpen(HOST, PORT)
    return await use()
  } finally {
    await end(children)
  }
}

const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const present = tools.filter(({name, program}) => {
  if (program === undefined) process.stderr.write(`without ${name}: its program is not named in the environment\n`)
  return program !== undefined
})
const servers = allServers.filter(({name}) => options.servers.split(',').includes(name))

async function compare(work: Work, server: Server): Promise<Row[]> {
  const taking = present.filter(tool => tool.takes(work))
  const measured = new Map<Tool, Measured[]>(taking.map(tool => [tool, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const tool of taking) {
      const one = await withServer(server, async () => await tool.run(work, {port: PORT, seconds}))
      measured.get(tool)!.push(one)
      const figures = `${Math.round(one.opsPerSecond)} op/s, ${one.cpuUs.toFixed(2)} µs`
      process.stderr.write(`${work.name}, ${server.name}, round ${round} of ${rounds}, ${tool.name}: ${figures}\n`)
    }
  }
  const ours = measured.get(taking[0]!)!
  return taking.map(tool => {
    const theirs = measured.get(tool)!
    const ratio = (of: keyof Measured) => median(ours.map((own, round) => own[of] / theirs[round]![of]))
    return {
      work: work.name,
      server: server.name,
      tool: tool.name,
      opsPerSecond: median(theirs.map(({opsPerSecond}) => opsPerSecond)),
      cpuUs: median(theirs.map(({cpuUs}) => cpuUs)),
      rateRatio: ratio('opsPerSecond'),
      cpuRatio: ratio('cpuUs'),
    }
  })
}

async function measureSeed(server: Server): Promise<SeedRow> {
  const runs: Omit<SeedRow, 'server'>[] = []
  const args = [binPath, 'load', '--json', '--profile', 'seed', '--server', `${HOST}:${PORT}`, '--threads', '1']
  for (let round = 1; round <= rounds; round++) {
    const {stdout} = await withServer(server, () => runTimed({core: LOAD_CORE, program: process.execPath, args}))
    const {throughput, generator, latencyUs, durationSeconds} = JSON.parse(stdout)
    const run = {
      rateKept: throughput.opsPerSecond / throughput.offeredPerSecond,
      slipP99Us: generator.scheduleSlipUs.p99,
      responseP99Us: latencyUs.response.p99,
      generatorCores: generator.cpuSeconds / durationSeconds,
    }
    runs.push(run)
    process.stderr.write(`published load, ${server.name}, round ${round} of ${rounds}: ${JSON.stringify(run)}\n`)
  }
  const of = (name: keyof Omit<SeedRow, 'server'>) => median(runs.map(run => run[name]))
  return {
    server: server.name,
    rateKept: of('rateKept'),
    slipP99Us: of('slipP99Us'),
    responseP99Us: of('responseP99Us'),
    generatorCores: of('generatorCores'),
  }
}

interface Report {
  readonly pinned: boolean
  readonly rounds: number
  readonly rows: readonly Row[]
  readonly seed: readonly SeedRow[]
}

function toMarkdown({rows, seed}: Report): string {
  const fixed = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits))
  const header = ['work', 'server', 'generator', 'op/s', 'CPU µs/op', 'repbench’s rate ÷ its', 'repbench’s CPU ÷ its']
  const lines = rows.map(({work, server, tool, opsPerSecond, cpuUs, rateRatio, cpuRatio}) => [
    ...[work, server, tool, fixed(opsPerSecond, 0), fixed(cpuUs, 2), fixed(rateRatio, 2), fixed(cpuRatio, 2)],
  ])
  const seedHeader = ['published load on', 'rate kept', 'slip p99 ms', 'response p99 ms', 'generator cores']
  const seedLines = seed.map(({server, rateKept, slipP99Us, responseP99Us, generatorCores}) => [
    server,
    rateKept === null ? '–' : `${(rateKept * 100).toFixed(2)} %`,
    slipP99Us === null ? '–' : fixed(slipP99Us / 1000, 2),
    responseP99Us === null ? '–' : fixed(responseP99Us / 1000, 2),
    fixed(generatorCores, 2),
  ])
  const tables = [
    ...(rows.length > 0 ? [markdownTable([header, ...lines])] : []),
    ...(seed.length > 0 ? [markdownTable([seedHeader, ...seedLines])] : []),
  ]
  return `${tables.join('\n\n')}\n`
}

if (options.soak === undefined) await main()
else await withServer(allServers.at(-1)!, () => soak({operations: Number(options.soak), port: PORT, core: LOAD_CORE}))

async function main(): Promise<void> {
  const rows: Row[] = []
  const seed: SeedRow[] = []
  for (const server of servers) {
    for (const work of works.filter(({name}) => name.includes(options.only)))
      rows.push(...(await compare(work, server)))
    if ('published load'.includes(options.only)) seed.push(await measureSeed(server))
  }
  const directory = options['out-dir']
  const file = directory === undefined ? undefined : join(directory, 'load-bench.json')
  const before: Partial<Report> = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const isNew = ({work, server}: Row) => !rows.some(row => row.work === work && row.server === server)
  const report: Report = {
    pinned: canPin,
    rounds,
    rows: [...(before.rows ?? []).filter(isNew), ...rows],
    seed: [...(before.seed ?? []).filter(({server}) => !seed.some(row => row.server === server)), ...seed],
  }
  if (directory !== undefined && file !== undefined) {
    mkdirSync(directory, {recursive: true})
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
    writeFileSync(join(directory, 'load-bench.md'), toMarkdown(report))
  }
  process.stdout.write(`medians of ${rounds}, ${canPin ? 'pinned' : 'not pinned'}\n\n${toMarkdown(report)}`)
}
