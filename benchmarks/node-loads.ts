import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {LOAD_CORE, PORT} from './node-servers.ts'
import {binPath, runPinned} from './processes.ts'

/** Keys that a get finds: few enough that all stay in memory. */
const KEYS = 20_000
const HOST = '127.0.0.1'

const mcperf = process.env.MCPERF_BIN
export const memtier = process.env.MEMTIER_BIN
export const loadName = mcperf ?? 'repbench load'

export interface Rate {
  readonly opsPerSecond: number
  /** How many were done in all. */
  readonly operations: number
}

export interface SimpleLoad {
  readonly method: 'set' | 'get'
  readonly connections: number
  /** As in mcperf's --sizes. */
  readonly sizes: string
}

/** As fast as the first node answers, one call at a time on each connection. */
export async function simpleLoad(load: SimpleLoad, seconds: number): Promise<Rate> {
  return await (mcperf === undefined ? ownLoad(load, seconds) : mcperfLoad(mcperf, load, seconds))
}

async function mcperfLoad(program: string, {method, connections, sizes}: SimpleLoad, seconds: number): Promise<Rate> {
  // About as long as asked, at the rates of one core.
  const calls = Math.round((seconds * 100_000) / connections)
  const args = ['-s', HOST, '-p', String(PORT), '--linger=0', `--method=${method}`, `--sizes=${sizes}`]
  const counts = [`--num-conns=${connections}`, '--conn-rate=10000', `--num-calls=${calls}`]
  const {stderr} = await runPinned({core: LOAD_CORE, program, args: [...args, ...counts]})
  const opsPerSecond = Number(/Response rate: ([\d.]+)/.exec(stderr)?.[1] ?? Number.NaN)
  return {opsPerSecond, operations: calls * connections}
}

async function ownLoad({method, connections, sizes}: SimpleLoad, seconds: number): Promise<Rate> {
  const kind = ['--rate', '0', '--method', method, '--sizes', sizes, '--conns', String(connections)]
  const {throughput, operations} = await runOwnLoad([...kind, '--duration', `${seconds}s`])
  return {opsPerSecond: throughput.opsPerSecond, operations: operations.ok}
}

/** A steady load of sets at a rate that a pair bears easily, for so many seconds. */
export async function moderateLoad(opsPerSecond: number, seconds: number): Promise<void> {
  const kind = ['--rate', String(opsPerSecond), '--method', 'set', '--sizes', 'u1024,10240', '--conns', '50']
  await runOwnLoad([...kind, '--duration', `${seconds}s`])
}

async function runOwnLoad(
  args: readonly string[],
): Promise<{throughput: {opsPerSecond: number}; operations: {ok: number}}> {
  const target = ['--server', `${HOST}:${PORT}`, '--keys', String(KEYS), '--prefix', 'bench:']
  const command = [binPath, 'load', '--json', ...target, ...args]
  const {stdout} = await runPinned({core: LOAD_CORE, program: process.execPath, args: command})
  return JSON.parse(stdout)
}

/** Sets every key once, by memtier. */
export async function pipelinedFill(program: string): Promise<void> {
  await runMemtier(program, ['--ratio', '1:0', '--key-pattern', 'P:P', '--requests', 'allkeys'])
}

/** Nine gets to one set of 32 bytes, 16 on their way on each of 50 connections, by memtier. */
export async function pipelinedLoad(program: string, seconds: number): Promise<Rate> {
  return await runMemtier(program, ['--ratio', '1:9', '--test-time', String(seconds)])
}

async function runMemtier(program: string, args: readonly string[]): Promise<Rate> {
  const folder = mkdtempSync(join(tmpdir(), 'repbench-memtier-'))
  const file = join(folder, 'result.json')
  const target = ['-s', HOST, '-p', String(PORT), '-P', 'memcache_text', '--key-maximum', String(KEYS)]
  const kind = ['-t', '1', '-c', '50', '-d', '32', '--pipeline', '16', '--hide-histogram', '--json-out-file', file]
  try {
    await runPinned({core: LOAD_CORE, program, args: [...target, ...kind, ...args]})
    const totals = JSON.parse(readFileSync(file, 'utf8'))['ALL STATS'].Totals
    return {opsPerSecond: totals['Ops/sec'], operations: totals.Count}
  } finally {
    rmSync(folder, {recursive: true})
  }
}
