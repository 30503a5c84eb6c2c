import type {LatencySummary} from '../../../src/engine/measure/latency-summary.js'
import type {RunResult} from '../../../src/engine/result/run-result.js'
import {makePlan} from './plans.js'

export const latency: LatencySummary = {
  count: 990,
  min: 40,
  mean: 213.4,
  p50: 180,
  p90: 1300,
  p95: 2400,
  p99: 12_400,
  p999: 131_000,
  p9999: 1_310_000,
  max: 1_310_000,
  stddev: 100,
}

const service: LatencySummary = {...latency, p50: 150, mean: 150}

/** A run of a second in which some things went wrong; tests change what they are about. */
export function makeResult(changes: Partial<RunResult> = {}): RunResult {
  return {
    seed: 1,
    startedAt: '2026-01-02T03:04:05.678Z',
    plan: makePlan({ratePerSecond: 1000, durationSeconds: 1, connections: 10}),
    target: {host: '127.0.0.1', port: 11211},
    targets: [],
    outages: [],
    interrupted: false,
    durationSeconds: 1.01,
    plannedSeconds: 1,
    endedEarly: null,
    operations: {
      intended: 1000,
      sent: 1000,
      unsent: 0,
      ok: 980,
      hit: 0,
      miss: 0,
      errors: {'SERVER_ERROR out of memory': 10},
      timedOut: 4,
      lostWithConnection: 6,
      unanswered: 0,
    },
    reads: null,
    connections: {
      planned: 10,
      opened: 10,
      errors: {'call time-out': 1},
      reopened: 0,
      failedOver: 0,
      failedBack: 0,
      limit: null,
    },
    warmup: null,
    prefill: null,
    lagUs: null,
    link: null,
    verification: null,
    consistency: null,
    checkProblem: null,
    total: null,
    throughput: {
      opsPerSecond: 980,
      ranOpsPerSecond: 980,
      errorsPerSecond: 10,
      offeredPerSecond: 1000,
      bytesOutPerSecond: 5_600_000,
      bytesInPerSecond: 8000,
    },
    latencyUs: {
      response: latency,
      service,
      byMethod: {set: latency},
      serviceByMethod: {set: service},
      net: null,
      histogram: '',
      serviceHistogram: null,
    },
    steps: [],
    timeline: [],
    events: [],
    generator: {
      threads: 1,
      cpuSeconds: 0.5,
      cpuSecondsByThread: [0.5],
      scheduleSlipUs: {p50: 2, p99: 41, max: 900},
      eventLoopDelayUs: {p99: 100, max: 2000},
      lateShare: 0.004,
      saturated: false,
    },
    verdict: 'fail',
    ...changes,
  }
}
