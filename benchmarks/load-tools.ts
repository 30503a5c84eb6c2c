import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {binPath, runTimed} from './processes.ts'

export const LOAD_CORE = 1

export interface Work {
  readonly name: string
  readonly method: 'set' | 'get'
  readonly connections: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly pipeline: number
}

export interface Measured {
  readonly opsPerSecond: number
  /** CPU time of the generator for one operation, in µs. */
  readonly cpuUs: number
}

/** A load generator, closed loop on one thread. */
export interface Tool {
  readonly name: string
  /** Where it is; undefined when this machine doesn't have it. */
  readonly program: string | undefined
  takes(work: Work): boolean
  run(work: Work, options: {port: number; seconds: number}): Promise<Measured>
}

/** A get finds every key that was stored before: so many fit in the server's memory. */
export const KEYS = 80_000
/** mcperf is told how many calls to make, not for how long: at about the rate of one core. */
const MCPERF_CALLS_PER_SECOND = 100_000

const sizesOf = ({minBytes, maxBytes}: Work): string =>
  minBytes === maxBytes ? `d${minBytes}` : `u${minBytes},${maxBytes}`

/** Of a program that does as much at once as it can, and of no other. */
async function run(program: string, args: readonly string[]) {
  return await runTimed({core: LOAD_CORE, program, args})
}

const repbench: Tool = {
  name: 'repbench load',
  program: process.execPath,
  takes: () => true,
  async run(work, {port, seconds}) {
    const {method, connections, pipeline} = work
    const where = ['load', '--json', '--server', `127.0.0.1:${port}`, '--rate', '0', '--threads', '1']
    const what = ['--method', method, '--sizes', sizesOf(work), '--conns', connections, '--pipeline', pipeline]
    // The others are compiled before they start.
    const how = ['--keys', KEYS, '--prefix', 'mcp:', '--warmup', '1s', '--duration', `${seconds * 1000}ms`]
    const fill = method === 'get' ? ['--prefill'] : []
    const {stdout} = await run(process.execPath, [binPath, ...where, ...what.map(String), ...how.map(String), ...fill])
    const {throughput, generator, operations} = JSON.parse(stdout)
    // The threads that make the load; starting the process and writing the report take 0.4 s besides.
    return {opsPerSecond: throughput.opsPerSecond, cpuUs: (generator.cpuSeconds * 1e6) / operations.sent}
  },
}

const mcperf: Tool = {
  name: 'mcperf',
  program: process.env.MCPERF_BIN,
  takes: ({pipeline}) => pipeline === 1,
  async run(work, {port, seconds}) {
    const load = async (method: string, calls: number): Promise<Measured> => {
      const where = ['-s', '127.0.0.1', '-p', port, '--linger=0', '--conn-rate=10000', `--method=${method}`]
      const what = [`--sizes=${sizesOf(work)}`, `--num-conns=${work.connections}`]
      const count = `--num-calls=${Math.round(calls / work.connections)}`
      const {stderr, cpuSeconds} = await run(mcperf.program!, [...where, ...what, count].map(String))
      const responses = Number(/responses (\d+)/.exec(stderr)?.[1])
      const opsPerSecond = Number(/Response rate: ([\d.]+)/.exec(stderr)?.[1])
      return {opsPerSecond, cpuUs: (cpuSeconds * 1e6) / responses}
    }
    if (work.method === 'set') return await load('set', seconds * MCPERF_CALLS_PER_SECOND)
    await load('set', KEYS)
    return await load('get', KEYS)
  },
}

const memtier: Tool = {
  name: 'memtier_benchmark',
  program: process.env.MEMTIER_BIN,
  takes: () => true,
  async run(work, {port, seconds}) {
    const {method, connections, pipeline, minBytes, maxBytes} = work
    const where = ['-s', '127.0.0.1', '-p', port, '-P', 'memcache_text', '-t', 1, '--hide-histogram']
    // Left alone, its connections all ask for one key at a time, which the server then has in its cache.
    const keys = ['--key-prefix=mcp:', '--key-minimum=1', `--key-maximum=${KEYS}`, '--distinct-client-seed']
    const sizes = minBytes === maxBytes ? ['-d', minBytes] : [`--data-size-range=${minBytes}-${maxBytes}`]
    const load = async (...more: readonly (string | number)[]) =>
      await run(memtier.program!, [...where, ...keys, ...sizes, ...more].map(String))
    if (method === 'get') await load('-c', 1, '--pipeline=32', '--ratio=1:0', '--key-pattern=P:P', '-n', 'allkeys')
    const ratio = method === 'set' ? '--ratio=1:0' : '--ratio=0:1'
    const length = `--test-time=${Math.max(1, Math.round(seconds))}`
    const {stdout, cpuSeconds} = await load('-c', connections, `--pipeline=${pipeline}`, ratio, length)
    const opsPerSecond = Number(/^Totals\s+([\d.]+)/m.exec(stdout)?.[1])
    return {opsPerSecond, cpuUs: (cpuSeconds * 1e6) / (opsPerSecond * Math.max(1, Math.round(seconds)))}
  },
}

const memaslap: Tool = {
  name: 'memaslap',
  program: process.env.MEMASLAP_BIN,
  // Asked for gets alone, it sets.
  takes: ({method, pipeline}) => method === 'set' && pipeline === 1,
  async run({connections, minBytes, maxBytes}, {port, seconds}) {
    const config = join(mkdtempSync(join(tmpdir(), 'repbench-memaslap-')), 'load.cnf')
    writeFileSync(config, `key\n16 16 1\nvalue\n${minBytes} ${maxBytes} 1\ncmd\n0 1.0\n`)
    const where = ['-s', `127.0.0.1:${port}`, '-T', 1, '-c', connections, '-w', '1k']
    const length = ['-t', `${Math.max(1, Math.round(seconds))}s`]
    const {stdout, cpuSeconds} = await run(memaslap.program!, [...where, ...length, '-F', config].map(String))
    const operations = Number(/Ops: (\d+)/.exec(stdout)?.[1])
    return {opsPerSecond: Number(/TPS: (\d+)/.exec(stdout)?.[1]), cpuUs: (cpuSeconds * 1e6) / operations}
  },
}

export const tools: readonly Tool[] = [repbench, mcperf, memtier, memaslap]
