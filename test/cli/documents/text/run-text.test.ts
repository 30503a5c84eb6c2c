import {expect, test} from 'vitest'
import {formatCount, formatMs, formatPercent} from '../../../../src/cli/documents/phrases/format.js'
import {formatProgress} from '../../../../src/cli/documents/text/run-progress.js'
import {formatRun} from '../../../../src/cli/documents/text/run-text.js'
import type {LatencySummary} from '../../../../src/engine/measure/latency-summary.js'
import type {RunSnapshot} from '../../../../src/engine/result/run-snapshot.js'
import {makePlan} from '../../../engine/helpers/plans.js'
import {latency, makeResult} from '../../../engine/helpers/results.js'

const result = makeResult()

test('a run for people', () => {
  expect(formatRun(result)).toMatchInlineSnapshot(`
    "test → 127.0.0.1:11211   open loop 1,000 op/s · 10 connections · 1.0 s · set · sizes d8

    operations     1,000 intended = 1,000 sent + 0 unsent
      sent         980 ok + 0 miss + 10 errors + 4 timed out + 6 lost with their connection
      error        10 × SERVER_ERROR out of memory
    connections    10 of 10 opened, failed: 1 × call time-out
    throughput     980 op/s of 1,000 (98.00 %) and 10 errors/s in 1.01 s, out 5.6 MB/s, in 8.0 kB/s

    latency ms    min   mean    p50   p90   p95   p99  p99.9  p99.99    max
      response  0.040  0.213  0.180  1.30  2.40  12.4    131   1,310  1,310
      service   0.040  0.150  0.150  1.30  2.40  12.4    131   1,310  1,310

    generator      1 thread, 0.50 cores, sends late by p50 0.002 p99 0.041 max 0.900 ms, event loop delay p99 0.100 max 2.00 ms
    verdict        fail
    "
  `)
})

test('warnings stand where the figures need them', () => {
  const {generator, operations} = result
  const text = formatRun({
    ...result,
    interrupted: false,
    generator: {...generator, saturated: true},
    operations: {...operations, intended: 1200, unsent: 200},
  })
  expect(text).toContain('warning        the load generator could not keep up')
  const late = formatRun({...result, generator: {...generator, lateShare: 0.042}})
  expect(late).toContain('warning        4.20 % of calls were sent more than 1 ms late (busy machine)')
  expect(text).toContain('warning        200 intended operations were never sent')
  expect(formatRun({...result, interrupted: true, verdict: 'unknown'})).toContain('unknown (interrupted')
})

test('reads that all missed are counted, and --prefill is named', () => {
  const {operations} = result
  const reading = {
    ...result,
    plan: makePlan({keyCount: 100, mix: [{method: 'get', weight: 1}]}),
    operations: {...operations, ok: 0, hit: 0, miss: 980},
    reads: {keys: 980, found: 0},
  }
  const text = formatRun(reading)
  expect(text).toContain('  hits         0 (0.00 %)\n')
  expect(text).toContain('warning        no read found its key: --prefill stores every key before the load\n')
  expect(formatRun({...reading, plan: {...reading.plan, keyCount: null}})).toContain(
    'no read found its key: --keys N --prefill',
  )
  expect(formatRun({...reading, plan: {...reading.plan, prefill: true}})).toContain('though --prefill stored every key')
  for (const quiet of [
    {...reading, reads: {keys: 980, found: 1}},
    {...reading, plan: {...reading.plan, hitRatio: 0}},
    {...reading, reads: {keys: 0, found: 0}},
  ]) {
    expect(formatRun(quiet)).not.toContain('no read found its key')
  }
  expect(formatRun({...reading, reads: {keys: 0, found: 0}})).not.toContain('hits')
})

test('a miss of a delete is no missed read', () => {
  const {operations} = result
  const text = formatRun({...result, operations: {...operations, hit: 90, miss: 110}, reads: {keys: 100, found: 90}})
  expect(text).toContain('  hits         90 (90.00 %)\n')
})

test('what was not measured is a dash', () => {
  const none = Object.fromEntries(Object.keys(latency).map(name => [name, null])) as unknown as LatencySummary
  const text = formatRun({...result, latencyUs: {...result.latencyUs, response: {...none, count: 0}}})
  expect(text).toMatch(/response +– +– +–/)
})

test('numbers', () => {
  expect([0, 999, 1000, 1_234_567, null].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567', '–'])
  expect([0, 41, 1300, 12_440, 1_310_000, null].map(formatMs)).toEqual(['0.000', '0.041', '1.30', '12.4', '1,310', '–'])
  expect([formatPercent(1, 3), formatPercent(0, 0)]).toEqual(['33.33 %', '–'])
})

test('progress is one line', () => {
  const snapshot: RunSnapshot = {
    phase: 'running',
    elapsedSeconds: 7.23,
    plannedSeconds: 10.1,
    progress: 0.716,
    target: result.target,
    operations: result.operations,
    connections: 10,
    interval: {seconds: 0.2, opsPerSecond: 99_812, errors: 0, keysRead: 0, keysFound: 0, response: latency},
    response: latency,
    service: latency,
    slipUs: {p50: 2, p99: 41, max: 900},
    generatorCores: 0.62,
    byMethod: [],
    steps: [],
    eventLoopDelayUs: {p99: 900, max: 4000},
    lateShare: 0,
    health: 'keeps up',
    ratePerSecond: 100_000,
    lag: null,
    events: [],
  }
  expect(formatProgress(snapshot)).toBe(
    'running  7.2 s of 10.1 s  71 %  99,812 op/s  p50 0.180  p99 12.4 ms  20 failed',
  )
  expect(formatProgress({...snapshot, phase: 'connecting'})).toBe('connecting  10 connections open')
})

test('a link that was lost is said, though every call went well', () => {
  const text = formatRun({
    ...result,
    events: [
      {t: 0.4, kind: 'overflow', node: 'm1', text: 'replication queue overflowed'},
      {t: 0.5, kind: 'listening', node: 'm1', text: 'waits for a slave to connect'},
    ],
  })
  expect(text).toContain('warning        m1 at 0.40 s: replication queue overflowed\n')
  expect(text).not.toContain('waits for a slave')
})

test('what a plan asks for besides stands in the report when it is there', () => {
  const {operations, connections, generator} = makeResult()
  const text = formatRun({
    ...makeResult({
      plan: makePlan({
        ratePerSecond: 5500,
        durationSeconds: 2,
        ratePhases: [{fromPerSecond: 1000, toPerSecond: 10_000, seconds: 2}],
        arrival: 'exponential',
        connections: 10,
        mix: [{method: 'get', weight: 1}],
        keyCount: 100,
        keyDistribution: {kind: 'zipf', exponent: 0.99},
        multigetKeys: 5,
        hitRatio: 0.8,
      }),
      targets: [
        {host: '127.0.0.1', port: 11211},
        {host: '127.0.0.2', port: 11213},
      ],
      operations: {...operations, hit: 900, miss: 80},
      reads: {keys: 5000, found: 4000},
      connections: {...connections, reopened: 2, failedOver: 3, failedBack: 1},
      prefill: {seconds: 0.25, operations: {...operations, intended: 100, ok: 99}},
      warmup: {seconds: 1, operations: {...operations, ok: 900, miss: 100}, response: latency},
      verification: {
        fresh: 890,
        stale: 9,
        missing: 1,
        foreign: 0,
        corrupt: 0,
        leftover: 4,
        worstStaleVersions: 2,
        examples: [{key: 'k:00000001', kind: 'stale', text: 'version 3, expected 5'}],
        spells: [],
      },
      generator: {...generator, threads: 2, cpuSecondsByThread: [0.303, 0.202], cpuSeconds: 0.505},
    }),
    assertions: [
      {expr: 'p99<1ms', actual: 12_400, unit: 'us', verdict: 'fail'},
      {expr: 'rate>=98%', actual: 98, unit: 'percent', verdict: 'pass'},
    ],
  })
  for (const line of [
    'test → 127.0.0.1:11211 and 127.0.0.2:11213   open loop ramp 1k..10k/2s, exponential arrival · ',
    ' · keys zipf:0.99 · 5 keys a get · hit ratio 80%\n',
    '  hits         4,000 of 5,000 keys (80.00 %)\n',
    ', opened again 2 times, 3 failed over, 1 failed back\n',
    'verification   890 fresh + 9 stale (2 versions behind at worst) + 1 missing + 0 foreign + 0 corrupt' +
      ' (and 4 left over from before)\n  stale        k:00000001: version 3, expected 5\n',
    'prefill        99 of 100 keys stored in 0.3 s\n',
    'warm-up        1,000 of 1,000 operations in 1.0 s, p99 12.4 ms\n',
    'generator      2 threads, 0.50 cores (0.30 + 0.20)',
    'assertion      fail     p99<1ms    got 12.4 ms\nassertion      pass     rate>=98%  got 98.00 %\n',
  ]) {
    expect(text).toContain(line)
  }
})

test("what may be the generator's own lateness stands below each latency, and in a warning where it is much", () => {
  const {latencyUs} = result
  const net = {
    response: {...latency, p99: 400, p999: 400},
    service: latencyUs.service,
    byMethod: {},
    serviceByMethod: {},
  }
  const text = formatRun({...result, latencyUs: {...latencyUs, net}})
  expect(text).toMatch(/^ {2}response .* 12\.4 +131 .*\n {4}ours up to +– +0\.000 .* 12\.0 +131 /m)
  expect(text).toContain('warning        response p99 12.4 ms, of which up to 12.0 ms our own lateness\n')
})
