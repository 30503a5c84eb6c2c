import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {makeRepeatedDocument} from '../../../src/cli/documents/json/repeated-json.js'
import {listDrills, readDrillReport} from '../../../src/cli/history/past-drills.js'
import {saveRun} from '../../../src/cli/history/run-history.js'
import {uiReports} from '../../../src/cli/ui-host/reports.js'
import {formatAddress} from '../../../src/protocol/address.js'
import type {SavedRun} from '../../../src/ui/ports/report-port.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {runRepbench} from '../../helpers/run-repbench.js'
import {runAt} from '../compare/compared-runs.js'

let state: string
const before = process.cwd()

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-ui-reports-'))
})

afterEach(async () => {
  process.chdir(before)
  await rm(state, {recursive: true})
})

const reports = () => uiReports({XDG_STATE_HOME: state})
const listed = async () => (await reports().list(100)).entries

async function makeRun(): Promise<void> {
  const server = formatAddress((await startFakeMemcached()).address)
  const args = ['load', '--server', server, '--method', 'set', '--duration', '100ms']
  expect(await runRepbench(args, {env: {XDG_STATE_HOME: state}})).toMatchObject({code: 0})
}

describe('the runs of the Report screen', () => {
  test('are none at first', async () => expect(await listed()).toEqual([]))

  test('are listed newest first, opened, compared, exported once and deleted', async () => {
    await makeRun()
    await makeRun()
    const [second, first] = (await listed()).filter(({kind}) => kind === 'run') as SavedRun[]
    expect([second?.number, first?.number]).toEqual([2, 1])
    expect(first).toMatchObject({name: 'smoke', repetitions: 1, verdict: 'pass', flaw: null, errors: 0})
    const {text, curves} = await reports().open(first!)
    expect(text).toMatch(/verdict +pass/)
    expect(curves.map(({name}) => name)).toEqual(['response', 'service'])
    expect(curves[0]!.us.at(-1)).toBeGreaterThanOrEqual(curves[0]!.us[0]!)
    const comparison = await reports().compare(first!, second!)
    expect(comparison.text).toMatch(/A: run 1[\s\S]*B: run 2[\s\S]*A → B/)
    expect(comparison.curves.map(({name}) => name)).toEqual(['A response', 'B response'])
    process.chdir(state)
    const [json, markdown] = await reports().export(first!)
    expect(await readFile(json!, 'utf8')).toBe(await readFile(first!.path, 'utf8'))
    expect(await readFile(markdown!, 'utf8')).toMatch(/^# smoke .*\n\n```text\n[\s\S]*verdict +pass[\s\S]*\n```\n$/)
    await expect(reports().export(first!)).rejects.toThrow('Not written, the file exists: ')
    await reports().remove(first!.path)
    expect(await listed()).toMatchObject([{number: 1, path: second!.path}])
  })

  test('are judged by the rule of every comparison: not from single runs, from repetitions with what was not seen', async () => {
    const repeated = (second: number, p50: number) => [0, 1, 2, 3].map(run => runAt(second + run, {p50: p50 + run}))
    for (const runs of [repeated(0, 5000), repeated(20, 9000)]) {
      await saveRun({document: makeRepeatedDocument(runs, 4), env: {XDG_STATE_HOME: state}})
    }
    await saveRun({document: runAt(40, {}), env: {XDG_STATE_HOME: state}})
    const [single, second, first] = (await listed()) as SavedRun[]
    const judged = await reports().compare(first!, second!)
    expect(judged.text).toMatch(/^ {2}p50 +worse +\+80\.0 % {2}p 0\.0286$/m)
    expect(judged.text).toMatch(/^ {2}p99 +same +0\.0 % {2}p 1\.0000 {2}could not see less than 1\.0 %$/m)
    const unjudged = await reports().compare(first!, single!)
    expect(unjudged.text).toContain('A → B  no judgement: 4 and 1 run, 4 of each are needed')
  })

  test('name what is wrong with a damaged file', async () => {
    await makeRun()
    const directory = join(state, 'repbench', 'runs')
    const [name] = await readdir(directory)
    await writeFile(join(directory, name!), '{"schema": "repbench.run/1"}')
    expect(await listed()).toMatchObject([
      {
        name: 'smoke',
        startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        flaw: expect.stringContaining('damaged at'),
      },
    ])
  })
})

describe('the history of the Drill screen', () => {
  test('is empty at first, and names what is wrong with a damaged file', async () => {
    const env = {XDG_STATE_HOME: state}
    expect(await listDrills(env)).toEqual([])
    const path = join(state, 'no-drill.json')
    await writeFile(path, '{}')
    await expect(readDrillReport(path)).rejects.toThrow(
      'Expected a drill that this version can read, got no-drill.json, damaged at schema',
    )
    const directory = join(state, 'repbench', 'drills')
    await mkdir(directory, {recursive: true})
    const files = ['2026-11-22T14-03-05.123Z-calm.json', '2026-11-22T15-03-05.123Z-soak.json', 'a.json', 'b.json']
    await writeFile(join(directory, files[0]!), '{"schema": "repbench.drill/1", "dri')
    await writeFile(join(directory, files[1]!), '{"schema": "repbench.drill/99"}')
    await writeFile(join(directory, files[2]!), '')
    await mkdir(join(directory, files[3]!))
    const drills = [
      {drill: 'b.json', startedAt: '', flaw: expect.stringContaining('which is a directory')},
      {drill: 'a.json', startedAt: '', flaw: expect.stringContaining('which is no JSON')},
      {drill: 'soak', startedAt: '2026-11-22T15:03:05Z', flaw: expect.stringContaining('damaged at schema')},
      {drill: 'calm', startedAt: '2026-11-22T14:03:05Z', flaw: expect.stringContaining('which is no JSON')},
    ]
    expect(await listDrills(env)).toMatchObject(drills)
    expect((await listed()).map(({name}) => name)).toEqual(drills.map(({drill}) => drill))
  })
})
