import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {makeRepeatedDocument} from '../../../src/cli/documents/json/repeated-json.js'
import type {RunDocument} from '../../../src/cli/documents/json/run-json.js'
import {listDrills} from '../../../src/cli/history/past-drills.js'
import {saveDrill, saveRun} from '../../../src/cli/history/run-history.js'
import {uiReports} from '../../../src/cli/ui-host/reports.js'
import {runRepbench} from '../../helpers/run-repbench.js'
import {runAt} from '../compare/compared-runs.js'

let state = ''
let env: NodeJS.ProcessEnv = {}

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'repbench-history-files-'))
  env = {XDG_STATE_HOME: state}
})

afterEach(() => rmSync(state, {recursive: true, force: true}))

const runsDirectory = () => join(state, 'repbench', 'runs')
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

async function runs(...args: string[]) {
  const {code, stdout, stderr} = await runRepbench(['runs', ...args], {env})
  return {code, stdout: stdout.toString(), stderr}
}

/** Copies of one run, a minute apart. */
async function makeHistory(count: number): Promise<string> {
  const path = await saveRun({document: runAt(0, {}), env})
  const text = readFileSync(path, 'utf8')
  for (let made = 1; made < count; made++) {
    const startedAt = new Date(Date.UTC(2026, 2, 1) + made * 60_000).toISOString()
    const name = `${startedAt.replaceAll(':', '-')}-copy.json`
    writeFileSync(join(runsDirectory(), name), text.replace(/"startedAt": "[^"]*"/, `"startedAt": "${startedAt}"`))
  }
  return path
}

describe('what is kept', () => {
  test('is its owner’s alone, also what was kept wider before', async () => {
    mkdirSync(join(runsDirectory(), '..', 'logs', 'old'), {recursive: true})
    mkdirSync(runsDirectory())
    const old = join(runsDirectory(), '2026-01-01T00-00-00.000Z-old.json')
    writeFileSync(old, '{}')
    for (const path of [join(state, 'repbench'), runsDirectory()]) chmodSync(path, 0o755)
    chmodSync(old, 0o644)
    const path = await saveRun({document: runAt(1, {}), env})
    const directories = [join(state, 'repbench'), runsDirectory(), join(state, 'repbench', 'logs', 'old')]
    expect(directories.map(modeOf)).toEqual(['700', '700', '700'])
    expect([path, old].map(modeOf)).toEqual(['600', '600'])
  })

  test('is narrowed by whoever looks at it first', async () => {
    const path = await saveRun({document: runAt(1, {}), env})
    for (const directory of [join(state, 'repbench'), runsDirectory()]) chmodSync(directory, 0o755)
    chmodSync(path, 0o644)
    expect(await runs()).toMatchObject({code: 0})
    expect([join(state, 'repbench'), runsDirectory(), path].map(modeOf)).toEqual(['700', '700', '600'])
  })

  test('is not written through a symbolic link', async () => {
    const elsewhere = join(state, 'elsewhere')
    mkdirSync(elsewhere)
    symlinkSync(elsewhere, join(state, 'repbench'))
    await expect(saveRun({document: runAt(1, {}), env})).rejects.toThrow('a symbolic link')
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test('never takes the place of another run of the same moment', async () => {
    const paths = [await saveRun({document: runAt(1, {}), env}), await saveRun({document: runAt(1, {}), env})]
    expect(paths.map(path => basename(path))).toEqual([
      '2026-01-02T00-00-01.000Z-test.json',
      '2026-01-02T00-00-01.000Z-test-2.json',
    ])
  })
})

describe('a document that its own schema does not take', () => {
  const outage = {connection: 0, from: null, failed: Number.NaN, failure: 'reset', attempt: null, to: null}
  const broken: RunDocument = {...runAt(1, {}), outages: [outage]}

  test.each([
    ['a run', broken, 'damaged at outages.0.failed'],
    ['a run of several', makeRepeatedDocument([runAt(1, {}), broken], 2), 'damaged at runs.1.outages.0.failed'],
  ])('is %s that is kept apart, and said', async (_, document, flaw) => {
    await expect(saveRun({document, env})).rejects.toThrow(flaw)
    const [name, ...others] = readdirSync(runsDirectory())
    expect([name, others]).toEqual([expect.stringMatching(/-test\.json\.rejected$/), []])
    expect(await runs()).toMatchObject({code: 0, stdout: 'no runs yet: repbench load makes one\n'})
  })

  test('is a drill that is kept apart', async () => {
    const document = {schema: 'repbench.drill/1', drill: 'calm', startedAt: '2026-01-01T00:00:00.000Z'} as never
    await expect(saveDrill({document, env})).rejects.toThrow('damaged at topology')
    expect(readdirSync(join(state, 'repbench', 'drills'))).toEqual([expect.stringMatching(/calm\.json\.rejected$/)])
    expect(await listDrills(env)).toEqual([])
  })
})

describe('what is in the history and is no run', () => {
  const names = ['device', 'directory', 'empty', 'endless', 'garbage', 'pipe', 'huge', 'nowhere', 'number', 'proto']

  async function makeJunk(): Promise<void> {
    await saveRun({document: runAt(1, {}), env})
    const path = (name: string) => join(runsDirectory(), `2026-05-01T00-00-00.000Z-${name}.json`)
    symlinkSync('/dev/zero', path('device'))
    mkdirSync(path('directory'))
    writeFileSync(path('empty'), '')
    symlinkSync(path('endless'), path('endless'))
    writeFileSync(path('garbage'), Buffer.from([0, 1, 2, 255, 10, 27, 91]))
    execFileSync('mkfifo', [path('pipe')])
    writeFileSync(path('huge'), '')
    truncateSync(path('huge'), 3 * 1024 ** 3)
    symlinkSync('/nowhere', path('nowhere'))
    writeFileSync(path('number'), '1')
    writeFileSync(path('proto'), '{"__proto__": {"schema": "repbench.run/1"}, "schema": "repbench.run/1"}')
  }

  test('is named and passed over', async () => {
    await makeJunk()
    const {code, stdout, stderr} = await runs()
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(/^1 +test .*pass$/m)
    const lines = stdout.trimEnd().split('\n').slice(2)
    expect(lines).toHaveLength(names.length)
    const line = (name: string) => lines.find(text => text.includes(`-${name}.json`))
    expect(line('device')).toContain('which is a device')
    expect(line('directory')).toContain('which is a directory')
    expect(line('endless')).toContain('ELOOP')
    expect(line('pipe')).toContain('which is a named pipe')
    expect(line('huge')).toContain('of 3,221,225,472 bytes (limit ')
    expect(line('nowhere')).toContain('ENOENT')
    for (const name of ['empty', 'garbage']) expect(line(name)).toContain('which is no JSON')
    expect(line('proto')).toContain('damaged at')
  })

  test('is named on the Report screen and by compare', async () => {
    await makeJunk()
    const {entries} = await uiReports(env).list(100)
    expect(entries.filter(({flaw}) => flaw !== null)).toHaveLength(names.length)
    const pipe = entries.find(({path}) => path.includes('pipe'))!
    const {code, stderr} = await runRepbench(['compare', pipe.path, '1'], {env})
    expect({code, stderr}).toEqual({
      code: 2,
      stderr: `repbench: Expected the JSON of a run, got ${pipe.path}, which is a named pipe\n`,
    })
  })
})

describe('a long history', () => {
  test('is read once: later listings know what is in it, and notice what has changed', async () => {
    const first = await makeHistory(30)
    const before = await runs('--last', '100', '--json')
    expect(JSON.parse(before.stdout).runs).toHaveLength(30)
    const index = join(runsDirectory(), '.index')
    expect(modeOf(index)).toBe('600')
    expect((await runs('--last', '100', '--json')).stdout).toBe(before.stdout)
    writeFileSync(first, 'damaged')
    rmSync(join(runsDirectory(), readdirSync(runsDirectory()).at(-1)!))
    const after = JSON.parse((await runs('--last', '100', '--json')).stdout).runs
    expect(after).toHaveLength(29)
    expect(after[0]).toMatchObject({number: 1, flaw: expect.stringContaining('which is no JSON')})
    expect(readFileSync(index, 'utf8')).not.toContain(basename(first))
  })

  test.each([
    '',
    '{',
    '{"schema": "repbench.index/1", "files": 5}',
    '{"schema": "repbench.index/1", "files": [["x"], null, ["y", 1, 2, {"name": 5}]]}',
  ])('is read anew where its index says %j', async text => {
    await makeHistory(3)
    const index = join(runsDirectory(), '.index')
    writeFileSync(index, text)
    expect((await runs()).stdout.trimEnd().split('\n')).toHaveLength(4)
    expect(JSON.parse(readFileSync(index, 'utf8')).files).toHaveLength(3)
  })

  test('is read by the page on the Report screen, newest first', async () => {
    await makeHistory(50)
    const {entries, older} = await uiReports(env).list(20)
    expect(older).toBe(30)
    expect(entries.map(entry => entry.kind === 'run' && entry.number)).toEqual(
      Array.from({length: 20}, (_, index) => 50 - index),
    )
    expect(JSON.parse(readFileSync(join(runsDirectory(), '.index'), 'utf8')).files).toHaveLength(20)
  })
})
