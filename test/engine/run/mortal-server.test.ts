import {expect, onTestFinished, test} from 'vitest'
import {parseAssertion} from '../../../src/engine/assertions/assertion.js'
import {checkAssertion} from '../../../src/engine/assertions/check-assertion.js'
import {runMeasures} from '../../../src/engine/assertions/run-measures.js'
import {generatorHealth} from '../../../src/engine/measure/generator-health.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import type {RunResult} from '../../../src/engine/result/run-result.js'
import {runLoad} from '../../../src/engine/run/run.js'
import {MortalServer} from '../../instruments/mortal-server.js'
import {inProcess} from '../helpers/in-process.js'
import {makePlan} from '../helpers/plans.js'

const RATE = 400
const PLANNED_SECONDS = 4

async function loadOn(
  script: Parameters<typeof MortalServer.open>[0],
  changes: Partial<LoadPlan> = {},
): Promise<{server: MortalServer; result: RunResult}> {
  const server = await MortalServer.open(script)
  onTestFinished(() => server.close())
  const plan = makePlan({
    connections: 4,
    threads: 1,
    ratePerSecond: RATE,
    callsPerConnection: null,
    durationSeconds: PLANNED_SECONDS,
    timeoutMs: 500,
    mix: [
      {method: 'set', weight: 1},
      {method: 'get', weight: 1},
    ],
    ...changes,
  })
  const result = await runLoad({
    plan,
    targets: [server.address],
    signal: new AbortController().signal,
    startThread: inProcess,
  })
  return {server, result}
}

const verdictOf = (expr: string, result: RunResult): string =>
  checkAssertion(parseAssertion(expr, runMeasures), result).verdict

test.each([
  ['dies', 'dies', {}],
  ['falls silent', 'falls silent', {}],
  ['dies under a closed loop', 'dies', {ratePerSecond: 0}],
] as const)(
  'a server that %s: the rate is what it answered, over the time that was planned',
  async (_, manner, changes) => {
    const {server, result} = await loadOn({servesMs: 600, manner}, changes)
    const {throughput, operations, endedEarly} = result
    // What it wrote last may have been lost with its connections, no more than one call each.
    expect(operations.ok + operations.miss).toBeLessThanOrEqual(server.answered)
    expect(operations.ok + operations.miss).toBeGreaterThanOrEqual(server.answered - operations.lostWithConnection)
    expect(throughput.opsPerSecond).toBeCloseTo((operations.ok + operations.miss) / PLANNED_SECONDS)
    const servedSeconds = (server.lastMs! - server.firstMs!) / 1000
    expect(throughput.ranOpsPerSecond).toBeGreaterThan((throughput.opsPerSecond ?? 0) * 2)
    expect(endedEarly).toMatchObject({why: 'no connection was left'})
    expect(endedEarly!.seconds).toBeGreaterThan(servedSeconds * 0.9)
    expect(endedEarly!.seconds).toBeLessThan(PLANNED_SECONDS)
    expect(result.verdict).toBe('fail')
    if (result.plan.ratePerSecond > 0) expect(verdictOf('rate>=95%', result)).toBe('fail')
  },
)

test('a server that never answers is not the generator’s lateness', async () => {
  const {result} = await loadOn({servesMs: 0, manner: 'falls silent'}, {durationSeconds: 1})
  expect(result.operations.sent).toBeGreaterThan(0)
  expect(result.generator.lateShare).toBeNull()
  expect(generatorHealth(result.generator)).toBe('keeps up')
})

test('reads of a server that has nothing are all misses, and counted', async () => {
  const {result} = await loadOn({servesMs: 60_000, manner: 'dies'}, {durationSeconds: 0.5})
  expect(result.endedEarly).toBeNull()
  expect(result.reads).toMatchObject({keys: result.operations.miss, found: 0})
  expect(result.verdict).toBe('pass')
})
