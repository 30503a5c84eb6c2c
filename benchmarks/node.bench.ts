import type {ChildProcess} from 'node:child_process'
import {parseArgs} from 'node:util'
import {measureFullSync} from './full-sync.ts'
import {loadName, memtier, pipelinedFill, pipelinedLoad, type Rate, type SimpleLoad, simpleLoad} from './node-loads.ts'
import {pairs, SERVER_CORE, type Server, singleServers, startNode} from './node-servers.ts'
import {canPin, cpuSeconds, end} from './processes.ts'
import {measureLag} from './replication-lag.ts'
import {markdownTable, median} from './statistics.ts'

/**
 * The embedded node beside memcached and repcached, alone and as a pair:
 * servers on core 0, the load on core 1, one thread each, interleaved, medians,
 * ratios. Peers come from the environment: REPCACHED_BIN, MEMCACHED_BIN (else
 * `memcached` on the PATH), MCPERF_BIN (else repbench's own load), MEMTIER_BIN
 * (without it no pipelined load).
 * Options: --rounds N, --seconds S, --only TEXT, --json; --items N of the full sync.
 */
const {values: options} = parseArgs({
  options: {
    rounds: {type: 'string', default: '5'},
    seconds: {type: 'string', default: '3'},
    only: {type: 'string', default: ''},
    items: {type: 'string', default: '1000000'},
    json: {type: 'boolean', default: false},
  },
})
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const items = Number(options.items)

/** Figures of one measurement by name; null = could not be had. */
type Figures = Readonly<Record<string, number | null>>

interface Work {
  readonly name: string
  readonly servers: readonly Server[]
  /** The figures of which more is better; of the others less is. */
  readonly moreIsBetter: readonly string[]
  measure(server: Server): Promise<Figures>
}

const single = singleServers()
const small = {sizes: 'd32', connections: 50}
const large = {sizes: 'u1024,10240', connections: 100}
const LAG_OPS_PER_SECOND = 10_000
/** Room for the full sync's items. */
const SYNC_MEMORY = '2048'
const SYNC_VALUE_BYTES = 1024

const works: readonly Work[] = [
  throughput('set 32 B × 50', single, {method: 'set', ...small}),
  throughput('get 32 B × 50', single, {method: 'get', ...small}),
  throughput('set 1-10 KB × 100', single, {method: 'set', ...large}),
  throughput('get 1-10 KB × 100', single, {method: 'get', ...large}),
  ...(memtier === undefined ? [] : [pipelined(memtier)]),
  throughput('pair, set 32 B × 50', pairs(), {method: 'set', ...small}),
  throughput('pair, set 1-10 KB × 100', pairs(), {method: 'set', ...large}),
  {
    name: `pair, lag at ${LAG_OPS_PER_SECOND} sets/s of 1-10 KB`,
    servers: pairs(),
    moreIsBetter: ['seen at once %'],
    async measure(server) {
      const {p50Ms, p99Ms, seenAtOnce} = await measureLag(server, LAG_OPS_PER_SECOND, seconds)
      return {'p50 ms': p50Ms, 'p99 ms': p99Ms, 'seen at once %': seenAtOnce * 100}
    },
  },
  {
    name: `full sync of ${items} items of ${SYNC_VALUE_BYTES} B`,
    servers: pairs(SYNC_MEMORY),
    moreIsBetter: [],
    async measure(server) {
      const {seconds: took, p99Ms} = await measureFullSync(server, items, SYNC_VALUE_BYTES)
      return {seconds: took, 'client p99 ms': p99Ms}
    },
  },
]

function throughput(name: string, servers: readonly Server[], load: SimpleLoad): Work {
  const prepare = async () => {
    // For a get these are its keys; for all it is the warm-up: a process that has just started is another one.
    await simpleLoad({...load, method: 'set'}, seconds)
    if (load.method === 'get') await simpleLoad(load, seconds / 2)
  }
  return rateWork(name, servers, prepare, () => simpleLoad(load, seconds))
}

function pipelined(program: string): Work {
  const prepare = async () => {
    await pipelinedFill(program)
    await pipelinedLoad(program, Math.max(1, Math.round(seconds / 2)))
  }
  return rateWork('mixed 90/10 32 B, pipeline 16', single, prepare, () => pipelinedLoad(program, seconds))
}

function rateWork(
  name: string,
  servers: readonly Server[],
  prepare: () => Promise<void>,
  load: () => Promise<Rate>,
): Work {
  return {
    name,
    servers,
    moreIsBetter: ['op/s'],
    async measure(server) {
      const children: ChildProcess[] = []
      try {
        for (const node of server.nodes) await startNode(node, SERVER_CORE, children)
        await prepare()
        const before = cpuSeconds(children)
        const {opsPerSecond, operations} = await load()
        const after = cpuSeconds(children)
        const cpuUs = before === null || after === null ? null : ((after - before) * 1e6) / operations
        return {'op/s': opsPerSecond, 'server CPU µs/op': cpuUs}
      } finally {
        await end(children)
      }
    },
  }
}

/** All measurements of each work and server, one round after the other. */
async function measureAll(chosen: readonly Work[]): Promise<Map<string, Figures[]>> {
  const measured = new Map<string, Figures[]>()
  for (let round = 1; round <= rounds; round++) {
    for (const work of chosen) {
      for (const server of work.servers) {
        const figures = await work.measure(server)
        const key = `${work.name}|${server.name}`
        measured.set(key, [...(measured.get(key) ?? []), figures])
        process.stderr.write(`round ${round} of ${rounds}: ${work.name}, ${server.name}: ${shown(figures)}\n`)
      }
    }
  }
  return measured
}

function shown(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value === null ? '–' : value >= 1000 ? Math.round(value) : value.toFixed(2)}`)
    .join(', ')
}

/**
 * How many times as good as the other the embedded one was in each figure: the
 * median of the rounds, in each of which both were measured. On a machine with
 * other work to do the CPU time says more than the rate.
 */
function ratios({moreIsBetter}: Work, own: readonly Figures[], other: readonly Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(own[0] ?? {}).map(name => {
      const ofRounds = own.map((figures, round) => {
        const [ours, theirs] = [figures[name], other[round]?.[name]]
        if (ours == null || theirs == null) return null
        return moreIsBetter.includes(name) ? ours / theirs : theirs / ours
      })
      return [name, median(ofRounds)]
    }),
  )
}

// A whole name means that one alone.
const exact = works.filter(({name}) => name === options.only)
const chosen = exact.length > 0 ? exact : works.filter(({name}) => name.includes(options.only))
const measured = await measureAll(chosen)
const results = chosen.flatMap(work => {
  const of = (server: Server | undefined) => measured.get(`${work.name}|${server?.name}`) ?? []
  return work.servers.map(server => {
    const names = Object.keys(of(server)[0] ?? {})
    const figures = Object.fromEntries(names.map(name => [name, median(of(server).map(round => round[name] ?? null))]))
    return {work: work.name, server: server.name, figures, timesAsGood: ratios(work, of(work.servers[0]), of(server))}
  })
})
const skipped = memtier === undefined ? 'mixed 90/10, pipeline 16: skipped, MEMTIER_BIN is not set\n' : ''
if (options.json) {
  process.stdout.write(`${JSON.stringify({pinned: canPin, load: loadName, results}, null, 2)}\n`)
} else {
  const rows = results.map(({work, server, figures, timesAsGood}) => [work, server, shown(figures), shown(timesAsGood)])
  process.stdout.write(`medians of ${rounds}, ${canPin ? 'pinned' : 'not pinned'}, load by ${loadName}\n${skipped}\n`)
  process.stdout.write(`${markdownTable([['work', 'server', 'medians', 'embedded is × as good'], ...rows])}\n`)
}
