import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {decodeFromCompressedBase64} from 'hdr-histogram-js'
import {beforeEach, expect, test} from 'vitest'
import {repeatedDocumentSchema} from '../../../../src/cli/documents/json/repeated-json.js'
import {runDocumentSchema} from '../../../../src/cli/documents/json/run-json.js'
import {formatAddress} from '../../../../src/protocol/address.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {runRepbench} from '../../../helpers/run-repbench.js'

let state: string
let server: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-assert-'))
  server = formatAddress((await startFakeMemcached()).address)
  return () => rm(state, {recursive: true})
})

const load = (...args: string[]) => {
  const usual = ['load', '--server', server, '--method', 'set', '--duration', '200ms']
  return runRepbench([...usual, ...args], {env: {XDG_STATE_HOME: state}})
}

test('assertions that hold pass, and stand in the report', async () => {
  const {code, stdout} = await load('--assert', 'errors==0', '--assert', 'p99<1m')
  expect(stdout.toString()).toContain('assertion      pass     errors==0  got 0\n')
  expect(stdout.toString()).toMatch(/assertion {6}pass {5}p99<1m {5}got [\d.]+ ms\n/)
  expect(code).toBe(0)
})

test('one that fails fails the run', async () => {
  const {code, stdout} = await load('--assert', 'errors==0', '--assert', 'sent<10', '--json')
  const document = runDocumentSchema.parse(JSON.parse(stdout.toString()))
  expect(document.assertions).toEqual([
    {expr: 'errors==0', actual: 0, unit: 'count', verdict: 'pass'},
    {expr: 'sent<10', actual: 400, unit: 'count', verdict: 'fail'},
  ])
  expect(document.verdict).toBe('fail')
  expect(code).toBe(1)
})

test('one about what was not measured is unknown', async () => {
  const {code, stdout} = await load('--assert', 'get.p99<2ms')
  expect(stdout.toString()).toContain(
    'assertion      unknown  get.p99<2ms  not measured\nunknown: get.p99<2ms: not measured\nverdict        unknown',
  )
  expect(code).toBe(3)
})

test('--repeat makes several runs into one document, with median and spread', async () => {
  const {code, stdout, stderr} = await load('--repeat', '3', '--json')
  expect(code).toBe(0)
  const document = repeatedDocumentSchema.parse(JSON.parse(stdout.toString()))
  expect(document.runs).toHaveLength(3)
  const rates = document.runs.map(({throughput}) => throughput.opsPerSecond!).sort((a, b) => a - b)
  expect(document.summary.rate).toMatchObject({min: rates[0], median: rates[1], max: rates[2]})
  expect(document.summary.rate!.spreadPercent).toBeCloseTo(((rates[2]! - rates[0]!) / rates[1]!) * 100)
  expect(document.summary.errors).toEqual({median: 0, min: 0, max: 0, spreadPercent: null})
  expect(document.summary).not.toHaveProperty('stale')
  expect(stderr).toContain('run 3 of 3\n')
  const [saved, ...more] = await readdir(join(state, 'repbench', 'runs'))
  expect(more).toEqual([])
  expect(await readFile(join(state, 'repbench', 'runs', saved!), 'utf8')).toBe(stdout.toString())
})

test('a run of several that fails an assertion fails them all', async () => {
  const {code, stdout} = await load('--repeat', '2', '--assert', 'sent<10')
  expect(stdout.toString()).toMatch(/^run 2 +[\d,]+ .* fail$/m)
  expect(stdout.toString()).toContain('run 2  assertion      fail     sent<10  got 400\n')
  expect(stdout.toString()).toMatch(/^median +[\d,]+ /m)
  expect(code).toBe(1)
})

test('the percentiles of --hgrm and of the encoded histogram are those of the result', async () => {
  const path = join(state, 'times.hgrm')
  const {stdout} = await load('--rate', '5k', '--hgrm', path, '--json')
  const {latencyUs} = runDocumentSchema.parse(JSON.parse(stdout.toString()))
  const {response} = latencyUs
  const histogram = decodeFromCompressedBase64(latencyUs.histogram)
  expect(histogram.totalCount).toBe(response.count)
  for (const [percent, us] of [
    [50, response.p50],
    [90, response.p90],
    [99, response.p99],
    [99.9, response.p999],
  ] as const) {
    // The result never tells more than was recorded; a step of the histogram may end above that.
    expect(Math.min(histogram.getValueAtPercentile(percent), response.max!)).toBe(us)
  }
  const lines = (await readFile(path, 'utf8')).split('\n')
  expect(lines[0]).toMatch(/^ +Value +Percentile +TotalCount +1\/\(1-Percentile\)$/)
  const rows = lines.map(line => /^ *([\d.]+) ([\d.]+) +(\d+)/.exec(line)).filter(row => row !== null)
  const at = (share: number) => Number(rows.find(row => Number(row[2]) >= share)![1]) * 1000
  expect(at(0.5)).toBeCloseTo(response.p50!, 3)
  expect(Number(rows.at(-1)![3])).toBe(response.count)
  expect(at(1)).toBeGreaterThanOrEqual(response.max!)
  expect(at(1)).toBeLessThanOrEqual(response.max! * 1.001 + 1)
})

test('--profile takes a file; its mistakes are named with their place', async () => {
  const path = join(state, 'mine.yaml')
  await writeFile(path, 'rate: 1k\nconns: 3\n')
  const {stdout} = await load('--profile', path)
  expect(stdout.toString()).toMatch(/^mine → \S+ {3}open loop 1,000 op\/s · 3 connections · 0\.2 s · set /)
  await writeFile(path, 'rate: 1k\npipeline: 3\n')
  const contradiction = await load('--profile', path)
  expect(contradiction.stderr).toBe(
    `repbench: ${path}:2:1: Expected either rate or pipeline, got both: an open loop sends at its rate, whatever is under way\n`,
  )
  expect(contradiction.code).toBe(2)
})
