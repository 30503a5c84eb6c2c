import {spawn} from 'node:child_process'
import {text} from 'node:stream/consumers'
import {parseArgs} from 'node:util'
import {binPath} from './processes.ts'
import {markdownTable, median} from './statistics.ts'

/**
 * The same load on the embedded node, the embedded pair and memcached,
 * interleaved: medians, and ratios to memcached. Options: --rounds N,
 * --topologies a,b,…, and after `--` whatever `repbench load` takes.
 */

interface Measured {
  readonly opsPerSecond: number
  readonly offeredPerSecond: number | null
  readonly responseP50Us: number | null
  readonly responseP99Us: number | null
  readonly serviceP99Us: number | null
  readonly slipP99Us: number | null
  readonly generatorCores: number
  readonly failed: number
}

async function measure(topology: string, loadArgs: readonly string[]): Promise<Measured> {
  const args = ['load', '--topology', topology, '--json', ...loadArgs]
  const child = spawn(process.execPath, [binPath, ...args], {stdio: ['ignore', 'pipe', 'ignore']})
  const run = JSON.parse(await text(child.stdout))
  const {operations, throughput, latencyUs, generator, durationSeconds} = run
  return {
    opsPerSecond: throughput.opsPerSecond,
    offeredPerSecond: throughput.offeredPerSecond,
    responseP50Us: latencyUs.response.p50,
    responseP99Us: latencyUs.response.p99,
    serviceP99Us: latencyUs.service.p99,
    slipP99Us: generator.scheduleSlipUs.p99,
    generatorCores: generator.cpuSeconds / durationSeconds,
    failed: operations.intended - operations.ok - operations.miss,
  }
}

function medians(runs: readonly Measured[]): Measured {
  const of = (name: keyof Measured) => median(runs.map(run => run[name]))
  return {
    opsPerSecond: of('opsPerSecond') ?? 0,
    offeredPerSecond: of('offeredPerSecond'),
    responseP50Us: of('responseP50Us'),
    responseP99Us: of('responseP99Us'),
    serviceP99Us: of('serviceP99Us'),
    slipP99Us: of('slipP99Us'),
    generatorCores: of('generatorCores') ?? 0,
    failed: of('failed') ?? 0,
  }
}

const {values, positionals} = parseArgs({
  options: {
    rounds: {type: 'string', default: '3'},
    topologies: {type: 'string', default: 'single,pair,memcached'},
  },
  allowPositionals: true,
})
const topologies = values.topologies.split(',')
const loadArgs = positionals.length > 0 ? positionals : ['--profile', 'seed']
const results = new Map<string, Measured[]>(topologies.map(name => [name, []]))
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const topology of topologies) {
    process.stderr.write(`round ${round} of ${values.rounds}: ${topology}\n`)
    results.get(topology)!.push(await measure(topology, loadArgs))
  }
}

const baseline = results.has('memcached') ? medians(results.get('memcached')!) : null
const ms = (us: number | null) => (us === null ? '–' : (us / 1000).toFixed(2))
const rows = topologies.map(name => {
  const of = medians(results.get(name)!)
  const kept = of.offeredPerSecond === null ? '–' : `${((100 * of.opsPerSecond) / of.offeredPerSecond).toFixed(2)} %`
  const ratio = baseline === null ? '–' : (of.opsPerSecond / baseline.opsPerSecond).toFixed(2)
  return [
    name,
    Math.round(of.opsPerSecond),
    kept,
    ratio,
    ms(of.responseP50Us),
    ms(of.responseP99Us),
    ms(of.serviceP99Us),
    ms(of.slipP99Us),
    of.generatorCores.toFixed(2),
    of.failed,
  ]
})
const header = [
  'topology',
  'op/s',
  'rate kept',
  'to memcached',
  'response p50 ms',
  'p99 ms',
  'service p99 ms',
  'slip p99 ms',
  'generator cores',
  'not ok',
]
const table = markdownTable([header, ...rows])
process.stdout.write(`load ${loadArgs.join(' ')}, medians of ${values.rounds}\n\n${table}\n`)
