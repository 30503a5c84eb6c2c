import {expect, test} from 'vitest'
import {compareRuns} from '../../../src/cli/compare/compare-runs.js'
import {formatComparison} from '../../../src/cli/compare/comparison-text.js'
import {makeRepeatedDocument} from '../../../src/cli/documents/json/repeated-json.js'
import {makeRunDocument, type RunDocument} from '../../../src/cli/documents/json/run-json.js'
import {summarize} from '../../../src/cli/documents/json/spread.js'
import {makePlan} from '../../engine/helpers/plans.js'
import {latency, makeResult} from '../../engine/helpers/results.js'

function run({rate, p99, connections = 10}: {rate: number; p99: number; connections?: number}): RunDocument {
  const result = makeResult({
    plan: makePlan({ratePerSecond: 1000, durationSeconds: 1, connections}),
    verdict: 'pass',
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

const rowOf = (documents: Parameters<typeof compareRuns>[0], name: string) =>
  compareRuns(documents).rows.find(row => row.name === name)!

test('every later document has its change from the first, and none is judged by a single run', () => {
  const documents = [run({rate: 1000, p99: 2000}), run({rate: 1100, p99: 3000})]
  expect(rowOf(documents, 'rate').values[1]).toMatchObject({changePercent: 10, judgement: null})
  expect(rowOf(documents, 'p99').values[1]).toMatchObject({changePercent: 50, judgement: null})
  const comparison = compareRuns(documents)
  expect(comparison.rows.map(({name}) => name)).not.toContain('stale')
  expect(comparison.judgements).toMatchObject([{reason: '1 run each, 4 are needed', measures: []}])
})

test('what the runs did not have in common is named', () => {
  const documents = [run({rate: 1, p99: 1}), run({rate: 1, p99: 1, connections: 20})]
  expect(compareRuns(documents).differences).toEqual([{setting: 'conns', values: [10, 20]}])
})

test('side by side, for people', () => {
  const documents = [
    makeRepeatedDocument([run({rate: 1000, p99: 2000}), run({rate: 1010, p99: 2100})], 2),
    run({rate: 500, p99: 2050, connections: 20}),
  ]
  const named = documents.map((document, index) => ({label: String(index + 1), path: `/runs/${index}.json`, document}))
  const lines = formatComparison(named, compareRuns(documents)).split('\n')
  expect(lines.slice(0, 9)).toEqual([
    'A: 1  test  2026-01-02 03:04:05  2 runs   pass  /runs/0.json',
    'B: 2  test  2026-01-02 03:04:05  one run  pass  /runs/1.json',
    '',
    'differs: conns  10 → 20',
    '',
    expect.stringMatching(/^ +A +B +A → B$/),
    expect.stringMatching(/^rate op\/s ↑ +1,005 ±0\.5 % +500 +-50\.2 %$/),
    expect.stringMatching(/^p50 ms ↓ +0\.180 ±0\.0 % +0\.180 +0\.0 %$/),
    expect.stringMatching(/^p90 ms ↓/),
  ])
  expect(lines).toContain('A → B  no judgement: 2 and 1 run, 4 of each are needed')
  expect(lines).toContain('↑ higher is better, ↓ lower is better')
})

test('a repetition that was interrupted is not in the summary', () => {
  const document = makeRepeatedDocument([run({rate: 1000, p99: 1}), {...run({rate: 1, p99: 1}), interrupted: true}], 3)
  expect(document.summary.rate).toMatchObject({median: 1000, min: 1000})
  expect(document.verdict).toBe('unknown')
})

test('median and spread', () => {
  expect(summarize([3, 1, 2])).toEqual({median: 2, min: 1, max: 3, spreadPercent: 100})
  expect(summarize([1, 2, 3, 4])).toMatchObject({median: 2.5})
  expect(summarize([0, 0])).toMatchObject({median: 0, spreadPercent: null})
  expect(summarize([1, null])).toBeNull()
  expect(summarize([])).toBeNull()
})
