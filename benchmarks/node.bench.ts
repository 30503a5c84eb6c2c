import type {ChildProcess} from 'node:child_process'
import {parseArgs} from 'node:util'
import {binPath, canPin, end, runPinned, startPinned, untilOpen} from './processes.ts'
import {markdownTable, median} from './statistics.ts'

/**
 * The embedded node beside memcached and repcached, alone and as a pair:
 * servers on core 0, the load on core 1, one thread each, interleaved, medians,
 * ratios. Peers come from the environment: REPCACHED_BIN, MEMCACHED_BIN (else
 * `memcached` on the PATH), MCPERF_BIN (else repbench's own load).
 * Options: --rounds N, --seconds S, --only TEXT.
 */
const {values: options} = parseArgs({
  options: {
    rounds: {type: 'string', default: '5'},
    seconds: {type: 'string', default: '3'},
    only: {type: 'string', default: ''},
    json: {type: 'boolean', default: false},
  },
})

const SERVER_CORE = 0
const LOAD_CORE = 1
const PORT = 28_211
const MEMORY = '1024'
const repcached = process.env.REPCACHED_BIN
const memcached = process.env.MEMCACHED_BIN ?? 'memcached'
const mcperf = process.env.MCPERF_BIN
const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []

interface Server {
  readonly name: string
  readonly nodes: readonly {readonly program: string; readonly args: readonly string[]; readonly host: string}[]
}

function embedded(host: string, more: readonly string[]): Server['nodes'][number] {
  return {
    program: process.execPath,
    args: [binPath, 'node', '-l', host, '-p', String(PORT), '-m', MEMORY, ...more],
    host,
  }
}

function native(program: string, host: string, more: readonly string[]): Server['nodes'][number] {
  const args = ['-l', host, '-p', String(PORT), '-U', '0', '-t', '1', '-m', MEMORY, '-c', '4096', ...asRoot, ...more]
  return {program, args, host}
}

const alone: readonly Server[] = [
  {name: 'embedded', nodes: [embedded('127.0.0.1', ['--no-replication'])]},
  {name: 'memcached', nodes: [native(memcached, '127.0.0.1', [])]},
  ...(repcached === undefined ? [] : [{name: 'repcached', nodes: [native(repcached, '127.0.0.1', ['-X', '28212'])]}]),
]
const link = (peer: string) => ['-x', peer, '-X', '28212']
const pairs: readonly Server[] = [
  {name: 'embedded pair', nodes: [embedded('127.0.0.1', link('127.0.0.2')), embedded('127.0.0.2', link('127.0.0.1'))]},
  ...(repcached === undefined
    ? []
    : [
        {
          name: 'repcached pair',
          nodes: [native(repcached, '127.0.0.1', link('127.0.0.2')), native(repcached, '127.0.0.2', link('127.0.0.1'))],
        },
      ]),
]

interface Work {
  readonly name: string
  readonly servers: readonly Server[]
  readonly method: 'set' | 'get'
  readonly connections: number
  readonly sizes: string
}

const works: readonly Work[] = [
  {name: 'set 32 B × 50', servers: alone, method: 'set', connections: 50, sizes: 'd32'},
  {name: 'get 32 B × 50', servers: alone, method: 'get', connections: 50, sizes: 'd32'},
  {name: 'set 1-10 KB × 100', servers: alone, method: 'set', connections: 100, sizes: 'u1024,10240'},
  {name: 'get 1-10 KB × 100', servers: alone, method: 'get', connections: 100, sizes: 'u1024,10240'},
  {name: 'pair, set 32 B × 50', servers: pairs, method: 'set', connections: 50, sizes: 'd32'},
  {name: 'pair, set 1-10 KB × 100', servers: pairs, method: 'set', connections: 100, sizes: 'u1024,10240'},
]

/** Keys that a get finds: few enough that all stay in memory. */
const KEYS = 20_000

async function load(work: Work, method: 'set' | 'get', seconds: number): Promise<number> {
  const {connections, sizes} = work
  if (mcperf !== undefined) {
    // About as long as asked, at the rates of one core.
    const calls = Math.round((seconds * 100_000) / connections)
    const args = ['-s', '127.0.0.1', '-p', String(PORT), '--linger=0', `--method=${method}`, `--sizes=${sizes}`]
    const counts = [`--num-conns=${connections}`, '--conn-rate=10000', `--num-calls=${calls}`]
    const {stderr} = await runPinned({core: LOAD_CORE, program: mcperf, args: [...args, ...counts]})
    return Number(/Response rate: ([\d.]+)/.exec(stderr)?.[1] ?? Number.NaN)
  }
  const args = ['load', '--json', '--rate', '0', '--server', `127.0.0.1:${PORT}`, '--method', method, '--sizes', sizes]
  const size = [
    '--conns',
    String(connections),
    '--duration',
    `${seconds}s`,
    '--keys',
    String(KEYS),
    '--prefix',
    'bench:',
  ]
  const {stdout} = await runPinned({core: LOAD_CORE, program: process.execPath, args: [binPath, ...args, ...size]})
  return JSON.parse(stdout).throughput.opsPerSecond
}

async function measure(work: Work, server: Server): Promise<number> {
  const children: ChildProcess[] = []
  try {
    for (const {program, args, host} of server.nodes) {
      children.push(startPinned({core: SERVER_CORE, program, args}))
      await untilOpen(host, PORT)
    }
    if (work.method === 'get') await load(work, 'set', Math.min(1, Number(options.seconds)))
    return await load(work, work.method, Number(options.seconds))
  } finally {
    await end(children)
  }
}

const chosen = works.filter(({name}) => name.includes(options.only))
const rates = new Map<string, number[]>()
for (let round = 1; round <= Number(options.rounds); round++) {
  for (const work of chosen) {
    for (const server of work.servers) {
      const key = `${work.name}|${server.name}`
      const rate = await measure(work, server)
      rates.set(key, [...(rates.get(key) ?? []), rate])
      process.stderr.write(
        `round ${round} of ${options.rounds}: ${work.name}, ${server.name}: ${Math.round(rate)} op/s\n`,
      )
    }
  }
}

const results = chosen.flatMap(work => {
  const medians = work.servers.map(({name}) => median(rates.get(`${work.name}|${name}`) ?? []))
  return work.servers.map(({name}, index) => ({
    work: work.name,
    server: name,
    opsPerSecond: medians[index]!,
    embeddedToIt: medians[0]! / medians[index]!,
  }))
})
if (options.json) {
  process.stdout.write(`${JSON.stringify({pinned: canPin, load: mcperf ?? 'repbench load', results}, null, 2)}\n`)
} else {
  const rows = results.map(({work, server, opsPerSecond, embeddedToIt}) => [
    work,
    server,
    Math.round(opsPerSecond),
    embeddedToIt.toFixed(2),
  ])
  process.stdout.write(`medians of ${options.rounds}, ${canPin ? 'pinned' : 'not pinned'}\n\n`)
  process.stdout.write(`${markdownTable([['work', 'server', 'op/s', 'embedded ÷ it'], ...rows])}\n`)
}
