import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {compareWithBefore} from '../../../src/cli/compare/compare-with-before.js'
import {makeRepeatedDocument} from '../../../src/cli/documents/json/repeated-json.js'
import {makeRunDocument, type RunDocument} from '../../../src/cli/documents/json/run-json.js'
import {saveRun} from '../../../src/cli/history/run-history.js'
import {makePlan} from '../../engine/helpers/plans.js'
import {latency, makeResult} from '../../engine/helpers/results.js'

let env: NodeJS.ProcessEnv

beforeEach(async () => {
  env = {XDG_STATE_HOME: await mkdtemp(join(tmpdir(), 'repbench-test-'))}
})

afterEach(() => rm(env.XDG_STATE_HOME!, {recursive: true}))

function run(second: number, change: {name?: string; rate?: number; p99?: number; connections?: number}): RunDocument {
  const {name = 'smoke', rate = 1000, p99 = 2000, connections = 10} = change
  const result = makeResult({
    startedAt: `2026-01-02T03:04:0${second}.000Z`,
    plan: {...makePlan({ratePerSecond: 1000, durationSeconds: 1, connections}), name},
  })
  return makeRunDocument({
    result: {
      ...result,
      throughput: {...result.throughput, opsPerSecond: rate},
      latencyUs: {...result.latencyUs, response: {...latency, p99}},
    },
    command: 'load',
    version: '0.1.0',
    topology: {name: 'single', nodes: [{name: 'n1', backend: 'embedded', address: '127.0.0.1:1'}]},
  })
}

test('a run is held against the last one of its name, by its number in the history', async () => {
  await saveRun({document: run(1, {}), env})
  await saveRun({document: run(2, {name: 'not-smoke'}), env})
  const line = await compareWithBefore(run(3, {rate: 1012, p99: 1840}), env)
  expect(line).toMatch(
    /^vs run #1: rate \+1\.2 %, p50 0\.0 %, p99 −8\.0 %, errors \d+ → \d+; no judgement: 1 run each, 4 are needed$/,
  )
})

test('what was lost with its connection, or timed out, is an error as on the screen', async () => {
  const document = run(1, {})
  await saveRun({document, env})
  const {operations} = document
  const lost = {
    ...operations,
    lostWithConnection: operations.lostWithConnection + 1570,
    timedOut: operations.timedOut + 4,
  }
  const counts = /errors (\d+) → ([\d,]+)/.exec((await compareWithBefore({...run(2, {}), operations: lost}, env)) ?? '')
  expect(Number(counts?.[2]?.replace(',', '')) - Number(counts?.[1])).toBe(1574)
})

test('what was another load is said', async () => {
  await saveRun({document: run(1, {}), env})
  const changed = run(2, {connections: 20})
  expect(await compareWithBefore(changed, env)).toMatch(/ \(differs: conns\)$/)
  const byHand = {...changed, events: [{t: 1, kind: 'rate', node: 'x', text: 'rate 1 → 2 op/s'}]}
  expect(await compareWithBefore(byHand, env)).toMatch(/ \(differs: rate by hand, conns\)$/)
})

test('repetitions are judged, by the rule of every comparison', async () => {
  const repeated = (minute: number, p99: number) =>
    makeRepeatedDocument(
      [0, 1, 2, 3].map(second => ({
        ...run(second, {p99: p99 + second}),
        startedAt: `2026-01-02T03:0${minute}:0${second}.000Z`,
      })),
      4,
    )
  await saveRun({document: repeated(4, 2000), env})
  const line = await compareWithBefore(repeated(5, 3000), env)
  expect(line).toMatch(/^vs run #1: rate 0\.0 % same, p50 0\.0 % same, p99 \+50\.0 % worse, errors \d+ → \d+$/)
})

test('a run that answered nothing is passed over', async () => {
  await saveRun({document: run(1, {}), env})
  await saveRun({document: run(2, {rate: 0}), env})
  expect(await compareWithBefore(run(3, {}), env)).toMatch(/^vs run #1: rate 0\.0 %/)
})

test('without a run before, or with a damaged one, there is nothing to say', async () => {
  expect(await compareWithBefore(run(1, {}), env)).toBeNull()
  await writeFile(await saveRun({document: run(1, {}), env}), '{')
  expect(await compareWithBefore(run(2, {}), env)).toBeNull()
})
