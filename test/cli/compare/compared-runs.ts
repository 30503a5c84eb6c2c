import {build, encodeIntoCompressedBase64} from 'hdr-histogram-js'
import {makeRunDocument, type RunDocument} from '../../../src/cli/documents/json/run-json.js'
import {makePlan} from '../../engine/helpers/plans.js'
import {latency, makeResult} from '../../engine/helpers/results.js'

interface Figures {
  readonly rate?: number
  readonly p50?: number
  readonly p99?: number
}

const result = makeResult({
  plan: makePlan({ratePerSecond: 1000, durationSeconds: 1, connections: 10}),
  verdict: 'pass',
})
const template = makeRunDocument({
  result,
  command: 'load',
  version: '0.1.0',
  topology: {name: 'single', nodes: [{name: 'n1', backend: 'embedded', address: '127.0.0.1:1'}]},
})

const histogram = encodeIntoCompressedBase64(build())

/** A run that came to its end with these figures, at a second of its own. */
export function runAt(second: number, {rate = 1000, p50 = 5000, p99 = 9000}: Figures): RunDocument {
  return {
    ...template,
    startedAt: new Date(Date.UTC(2026, 0, 2) + second * 1000).toISOString(),
    throughput: {...template.throughput, opsPerSecond: rate},
    latencyUs: {...template.latencyUs, response: {...latency, p50, p99}, histogram},
  }
}

/** As if `late` of its calls had been sent late, the slowest by `slip` µs, or the generator had set the pace. */
export function withGenerator(
  run: RunDocument,
  {late = 0, slip = 0, saturated = false}: {late?: number; slip?: number; saturated?: boolean},
): RunDocument {
  const scheduleSlipUs = {p50: 0, p99: slip, max: slip}
  return {...run, generator: {...run.generator, scheduleSlipUs, lateShare: late, saturated}}
}
