import {mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {runRepbench} from '../../helpers/run-repbench.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-history-'))
  return () => rm(state, {recursive: true})
})

const repbench = async (...args: string[]) => {
  const {code, stdout, stderr} = await runRepbench(args, {env: {XDG_STATE_HOME: state}})
  return {code, stdout: stdout.toString(), stderr}
}

async function makeRuns(count: number): Promise<string[]> {
  const server = formatAddress((await startFakeMemcached()).address)
  for (let made = 0; made < count; made++) {
    const args = ['--server', server, '--method', 'set', '--duration', '100ms', '--seed', String(made)]
    expect(await repbench('load', ...args)).toMatchObject({code: 0})
  }
  const directory = join(state, 'repbench', 'runs')
  return (await readdir(directory)).sort().map(name => join(directory, name))
}

test('an empty history says so', async () => {
  expect(await repbench('runs')).toMatchObject({code: 0, stdout: 'no runs yet: repbench load makes one\n'})
  const {code, stderr} = await repbench('compare', 'last', 'last-1')
  expect({code, stderr}).toEqual({
    code: 2,
    stderr: "repbench: Expected a run of the history, which has no runs, got 'last'\n",
  })
})

test('a history that cannot be read is no crash', async () => {
  await mkdir(join(state, 'repbench'))
  await writeFile(join(state, 'repbench', 'runs'), '')
  const {code, stderr} = await repbench('runs')
  expect({code, stderr}).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^repbench: Expected the history in .*ENOTDIR/),
  })
})

describe('runs that were kept', () => {
  test('are listed with the numbers that compare takes', async () => {
    const [first, second] = await makeRuns(2)
    const listed = await repbench('runs')
    expect(listed.stdout).toMatch(/^1 +smoke +20\d\d-.*pass\n2 +smoke .*pass\n$/m)
    const json = JSON.parse((await repbench('runs', '--json', '--last', '1')).stdout)
    expect(json).toMatchObject({schema: 'repbench.history/1', runs: [{number: 2, path: second, name: 'smoke'}]})
    const byNumber = JSON.parse((await repbench('compare', '1', '2', '--json')).stdout)
    expect(byNumber).toMatchObject({
      schema: 'repbench.compare/1',
      runs: [{path: first}, {path: second}],
      differences: [{setting: 'seed', values: [0, 1]}],
    })
    expect(byNumber.measures[0]).toMatchObject({name: 'rate', unit: 'perSecond', better: 'higher'})
    const byName = JSON.parse((await repbench('compare', 'last-1', second!, '--json')).stdout)
    expect(byName.measures).toEqual(byNumber.measures)
    expect((await repbench('compare', 'last-1', 'last')).stdout).toMatch(/^rate op\/s ↑ .* %/m)
  })

  test('are listed with all that got no proper answer as errors', async () => {
    const [path] = await makeRuns(1)
    const document = JSON.parse(await readFile(path!, 'utf8'))
    const failed = {errors: {'SERVER_ERROR busy': 1}, timedOut: 4, lostWithConnection: 6}
    await writeFile(path!, JSON.stringify({...document, operations: {...document.operations, ...failed}}))
    expect(JSON.parse((await repbench('runs', '--json')).stdout).runs[0]).toMatchObject({errors: 11})
  })

  test('but damaged are refused in one line, and listed', async () => {
    const [path] = await makeRuns(1)
    await truncate(path!, 200)
    expect(await repbench('compare', path!, path!)).toEqual({
      code: 2,
      stdout: '',
      stderr: `repbench: Expected the JSON of a run, got ${path}, which is no JSON\n`,
    })
    expect((await repbench('runs')).stdout).toContain('1  Expected the JSON of a run')
  })

  test('but with a wrong value name the place', async () => {
    const [path] = await makeRuns(1)
    const document = JSON.parse(await readFile(path!, 'utf8'))
    await writeFile(path!, JSON.stringify({...document, throughput: {...document.throughput, opsPerSecond: 'fast'}}))
    const {code, stderr} = await repbench('compare', 'last', 'last')
    expect(stderr).toContain(`got ${path}, damaged at throughput.opsPerSecond: `)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })
})

test.each([
  [['compare', 'last'], 'Expected from 2 to 26 runs, got 1'],
  [['compare'], 'Expected from 2 to 26 runs, got 0'],
  [['compare', 'package.json', 'last'], 'got package.json with none'],
  [['compare', '/nowhere.json', 'last'], 'ENOENT'],
  [['runs', '--last', '0'], "Expected a number of runs from 1 to 100000, got '0'"],
  [['profiles', 'smke'], "got 'smke' (did you mean smoke?)"],
])('%j is wrong', async (args, message) => {
  const {code, stdout, stderr} = await repbench(...args)
  expect(stderr).toContain(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect({code, stdout}).toEqual({code: 2, stdout: ''})
})

test('profiles lists, and explains in a file that is the same profile', async () => {
  const {stdout} = await repbench('profiles')
  expect(stdout).toMatch(/^seed +the published load/m)
  const json = JSON.parse((await repbench('profiles', 'seed', '--json')).stdout)
  expect(json.profiles[0].plan).toMatchObject({ratePerSecond: 100_000, keyCount: null})
  const path = join(state, 'copy.yaml')
  await writeFile(path, (await repbench('profiles', 'seed')).stdout)
  const copy = JSON.parse((await repbench('profiles', path, '--json')).stdout)
  expect(copy.profiles[0].plan).toEqual({...json.profiles[0].plan, name: 'copy'})
})
