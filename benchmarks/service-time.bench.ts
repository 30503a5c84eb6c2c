import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {LOAD_CORE} from './load-tools.ts'
import {binPath, end, runTimed, startPinned, untilOpen} from './processes.ts'
import {markdownTable} from './statistics.ts'

/**
 * Service times beside those of a server that delays every call by a known
 * time and keeps its own list: delay-server.c, which needs a C compiler and is
 * built in a directory of its own. Options: --seconds S, --delay-us N, --hogs N
 * (busy processes beside the generator; the server keeps its core by real-time
 * priority, which takes root): then latencies are the generator's own lateness,
 * and the report has to say so.
 */
const {values: options} = parseArgs({
  options: {
    seconds: {type: 'string', default: '3'},
    'delay-us': {type: 'string', default: '5000'},
    hogs: {type: 'string', default: '0'},
  },
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

const ms = (us: number): string => (us / 1000).toFixed(2)
const rows: string[][] = []
const hogs = Array.from({length: Number(options.hogs)}, () =>
  startPinned({core: LOAD_CORE, program: 'sh', args: ['-c', 'while :; do :; done']}),
)
const serverArgs = [String(PORT), options['delay-us']]
for (const [name, args] of loads) {
  const server =
    hogs.length === 0
      ? startPinned({core: 0, program, args: serverArgs})
      : startPinned({core: 0, program: 'chrt', args: ['-f', '50', program, ...serverArgs]})
  const told = text(server.stdout!)
  await untilOpen('127.0.0.1', PORT)
  const where = ['load', '--json', '--server', `127.0.0.1:${PORT}`, '--threads', '1']
  const what = ['--method', 'set', '--sizes', 'd32', '--duration', `${options.seconds}s`, ...args]
  const {stdout} = await runTimed({core: LOAD_CORE, program: process.execPath, args: [binPath, ...where, ...what]})
  server.kill('SIGTERM')
  const truth = JSON.parse(await told)
  const {service, net} = JSON.parse(stdout).latencyUs
  const of = (field: 'p50' | 'p99') => [truth[field], service[field], net.service[field]].map(ms)
  rows.push([name, ...of('p50'), ...of('p99')])
}
await end(hogs)
rmSync(directory, {recursive: true})
const columns = ['true', 'service', 'without ours']
const header = [`ms, each call delayed by ${ms(Number(options['delay-us']))}`]
header.push(...['p50', 'p99'].flatMap(field => columns.map(column => `${field} ${column}`)))
process.stdout.write(`${markdownTable([header, ...rows])}\n`)
