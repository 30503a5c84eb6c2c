import {methodNames} from '../data/methods.js'
import type {LatencySummary} from '../measure/latency-summary.js'
import type {RunResult} from '../result/run-result.js'
import {consistencyMeasures} from './consistency-measures.js'
import {lagMeasures} from './lag-measures.js'
import {byName, type Measure, type Measures} from './measure.js'

type RunMeasure = Measure<RunResult>

type Latencies = Pick<RunResult['latencyUs'], 'response' | 'service' | 'byMethod' | 'serviceByMethod'>

const statistics = [
  ['min', 'min'],
  ['mean', 'mean'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p99.9', 'p999'],
  ['p99.99', 'p9999'],
  ['max', 'max'],
  ['stddev', 'stddev'],
] as const

/** Measures of one latency summary, such as `p99`. @param prefix ends in a dot or is empty */
function latencyMeasures(
  prefix: string,
  summary: (latencyUs: Latencies) => LatencySummary | null | undefined,
): RunMeasure[] {
  return statistics.map(([name, field]) => ({
    name: `${prefix}${name}`,
    unit: 'us',
    better: 'lower',
    read: ({latencyUs}) => summary(latencyUs)?.[field] ?? null,
    lateness: ({latencyUs, generator}) => {
      // The minimum is that of a call without lateness.
      const netUs = latencyUs.net === null || field === 'min' ? null : (summary(latencyUs.net)?.[field] ?? null)
      return netUs === null ? null : {netUs, slipP99Us: generator.scheduleSlipUs.p99}
    },
  }))
}

/** Measures of spans that have fewer statistics. */
function spanMeasures(prefix: 'slip' | 'loop', field: 'scheduleSlipUs' | 'eventLoopDelayUs'): RunMeasure[] {
  const names = prefix === 'slip' ? (['p50', 'p99', 'max'] as const) : (['p99', 'max'] as const)
  return names.map(name => ({
    name: `${prefix}.${name}`,
    unit: 'us',
    better: 'lower',
    read: ({generator}) => (generator[field] as Readonly<Record<string, number | null>>)[name] ?? null,
  }))
}

type Reader = (result: RunResult) => number | null

/** A count of operations, also as a percentage of the intended ones. */
function operationMeasure(name: string, better: RunMeasure['better'], read: Reader): RunMeasure {
  return {name, unit: 'count', better, read, whole: ({operations}) => operations.intended}
}

function countMeasure(name: string, better: RunMeasure['better'], read: Reader): RunMeasure {
  return {name, unit: 'count', better, read}
}

const operationMeasures: readonly RunMeasure[] = [
  operationMeasure('intended', null, ({operations}) => operations.intended),
  operationMeasure('sent', null, ({operations}) => operations.sent),
  operationMeasure('unsent', 'lower', ({operations}) => operations.unsent),
  operationMeasure('ok', null, ({operations}) => operations.ok),
  operationMeasure('hit', null, ({operations}) => operations.hit),
  operationMeasure('miss', null, ({operations}) => operations.miss),
  operationMeasure('errors', 'lower', ({operations}) => total(operations.errors)),
  operationMeasure('timedOut', 'lower', ({operations}) => operations.timedOut),
  operationMeasure('lost', 'lower', ({operations}) => operations.lostWithConnection),
  operationMeasure('unanswered', 'lower', ({operations}) => operations.unanswered),
]

const connectionMeasures: readonly RunMeasure[] = [
  countMeasure('connectionErrors', 'lower', ({connections}) => total(connections.errors)),
  countMeasure('reopened', 'lower', ({connections}) => connections.reopened),
  countMeasure('failedOver', 'lower', ({connections}) => connections.failedOver),
  countMeasure('failedBack', null, ({connections}) => connections.failedBack),
]

const verificationMeasures: readonly RunMeasure[] = [
  countMeasure('fresh', null, ({verification}) => verification?.fresh ?? null),
  countMeasure('leftover', null, ({verification}) => verification?.leftover ?? null),
  ...(['stale', 'missing', 'foreign', 'corrupt'] as const).map(name =>
    countMeasure(name, 'lower', ({verification}) => verification?.[name] ?? null),
  ),
]

const otherMeasures: readonly RunMeasure[] = [
  {
    name: 'rate',
    unit: 'perSecond',
    better: 'higher',
    read: ({throughput}) => throughput.opsPerSecond,
    whole: ({throughput}) => throughput.offeredPerSecond,
  },
  {name: 'rate.ran', unit: 'perSecond', better: 'higher', read: ({throughput}) => throughput.ranOpsPerSecond},
  {name: 'hitRatio', unit: 'share', better: null, read: readHitRatio},
  {
    name: 'cores',
    unit: 'count',
    better: 'lower',
    read: ({generator, durationSeconds}) => (durationSeconds > 0 ? generator.cpuSeconds / durationSeconds : null),
  },
  {name: 'late', unit: 'share', better: 'lower', read: ({generator}) => generator.lateShare},
  {name: 'saturated', unit: 'boolean', better: null, read: ({generator}) => generator.saturated},
]

/** Time in which the pair did not replicate, times in doubt included; unknown when all of it is in doubt. */
const unpairedMeasure: RunMeasure = {
  name: 'unpaired',
  unit: 'us',
  better: 'lower',
  read: ({link}) => {
    if (link === null || (link.unpairedSeconds === 0 && link.unknownSeconds > 0)) return null
    return (link.unpairedSeconds + link.unknownSeconds) * 1_000_000
  },
}

/** Everything about a load that can be asserted. */
export const runMeasures: Measures<RunResult> = byName([
  ...latencyMeasures('', ({response}) => response),
  ...latencyMeasures('response.', ({response}) => response),
  ...latencyMeasures('service.', ({service}) => service),
  ...lagMeasures<RunResult>('lag.', ({lagUs}) => lagUs),
  unpairedMeasure,
  ...spanMeasures('slip', 'scheduleSlipUs'),
  ...spanMeasures('loop', 'eventLoopDelayUs'),
  ...otherMeasures,
  ...operationMeasures,
  ...connectionMeasures,
  ...verificationMeasures,
  ...consistencyMeasures<RunResult>('pair.', ({consistency}) => consistency),
  ...methodNames.flatMap(method => [
    ...latencyMeasures(`${method}.`, ({byMethod}) => byMethod[method]),
    ...latencyMeasures(`${method}.service.`, ({serviceByMethod}) => serviceByMethod[method]),
  ]),
])

/** By keys when the engine counted them, else by reads. */
function readHitRatio({reads, operations}: RunResult): number | null {
  const [found, asked] = reads === null ? [operations.hit, operations.hit + operations.miss] : [reads.found, reads.keys]
  return asked === 0 ? null : found / asked
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
