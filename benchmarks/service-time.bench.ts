import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {LOAD_CORE} from './load-tools.ts'
import {binPath, runTimed, startPinned, untilOpen} from './processes.ts'
import {markdownTable} from './statistics.ts'

/**
 * Service times beside those of a server that delays every call by a known
 * time and keeps its own list: delay-server.c, which needs a C compiler and is
 * built in a directory of its own. Options: --seconds S, --delay-us N.
 */
const {values: options} = parseArgs({
  options: {seconds: {type: 'string', default: '3'}, 'delay-us': {type: 'string', default: '5000'}},
})

const PORT = 28_313

const loads: readonly (readonly [string, readonly string[]])[] = [
  ['open loop, 20,000/s on 5 connections', ['--rate', '20k', '--conns', '5']],
  ['open loop, 2,000/s on 5 connections', ['--rate', '2k', '--conns', '5']],
  ['closed loop, 50 connections', ['--rate', '0', '--conns', '50']],
  ['closed loop, 5 connections, pipeline 20', ['--rate', '0', '--conns', '5', '--pipeline', '20']],
]

const directory = mkdtempSync(join(tmpdir(), 'repbench-service-time-'))
const program = join(directory, 'delay-server')
const source = fileURLToPath(new URL('delay-server.c', import.meta.url))
const compiled = spawnSync('cc', ['-O2', '-o', program, source], {stdio: 'inherit'})
if (compiled.status !== 0)
  throw new Error(`Expected a C compiler that builds ${source}, got ${compiled.error ?? 'none'}`)

const ms = (us: number): string => (us / 1000).toFixed(3)
const rows: string[][] = []
for (const [name, args] of loads) {
  const server = startPinned({core: 0, program, args: [String(PORT), options['delay-us']]})
  const told = text(server.stdout!)
  await untilOpen('127.0.0.1', PORT)
  const common = [
    'load',
    '--json',
    '--server',
    `127.0.0.1:${PORT}`,
    '--method',
    'set',
    '--sizes',
    'd32',
    '--threads',
    '1',
  ]
  const length = ['--duration', `${options.seconds}s`]
  const {stdout} = await runTimed({
    core: LOAD_CORE,
    program: process.execPath,
    args: [binPath, ...common, ...args, ...length],
  })
  server.kill('SIGTERM')
  const truth = JSON.parse(await told)
  const {service} = JSON.parse(stdout).latencyUs
  rows.push([name, ...[truth.p50, service.p50, truth.mean, service.mean, truth.p99, service.p99].map(ms)])
}
rmSync(directory, {recursive: true})
const header = ['each call delayed by', 'p50 true', 'reported', 'mean true', 'reported', 'p99 true', 'reported']
header[0] += ` ${ms(Number(options['delay-us']))} ms`
process.stdout.write(`${markdownTable([header, ...rows])}\n`)
