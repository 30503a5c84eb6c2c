import {once} from 'node:events'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterAll, describe, expect, it, onTestFinished} from 'vitest'
import {runDocumentSchema} from '../../../../src/cli/documents/json/run-json.js'
import {childrenOf, isAlive} from '../../../helpers/processes.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'

const directory = mkdtempSync(join(tmpdir(), 'repbench-baseline-'))
const profile = join(directory, 'short.yaml')
writeFileSync(profile, 'extends: smoke\nduration: 500ms\nrate: 1000\n')
const long = join(directory, 'long.yaml')
writeFileSync(long, 'extends: smoke\nduration: 10m\nrate: 100\n')
const env = {XDG_STATE_HOME: directory, NO_COLOR: '1'}

afterAll(() => rmSync(directory, {recursive: true}))

const baseline = (...args: string[]) => runRepbench(['baseline', ...args], {env})

describe('repbench baseline', () => {
  it('puts memcached, master and slave side by side', async () => {
    const {code, stdout, stderr} = await baseline('--profile', profile, '--backends', 'memcached,embedded')
    const lines = stdout.toString().split('\n')
    expect(lines[0]).toMatch(/^short {3}open loop 1,000 op\/s · 10 connections · 0\.5 s/)
    expect(lines[2]!.split(/ {2,}/)).toEqual([
      ...['target', 'requests/s', 'avg ms', 'p50', 'p95', 'p99', 'p99.9', 'max', 'req/s cost', 'avg', 'p99'],
    ])
    expect(lines.slice(3, 6).map(line => line.split(/ {2,}/)[0])).toEqual([
      'memcached',
      'embedded master',
      'embedded slave',
    ])
    // In half a second there are too few probes for a p99.
    expect(lines[10]).toMatch(/^embedded master +survived +(\d+\.\d+|–) +– +0 +100\.00 % +0$/)
    expect(lines[11]).toMatch(/^embedded slave +survived +(\d+\.\d+|–) +– +0 +100\.00 % +0$/)
    expect(stderr).toContain('run 3 of 3: embedded slave\n')
    expect(stderr).toContain('3 runs are saved in the history')
    expect(code).toBe(0)
    expect(readdirSync(join(directory, 'repbench', 'runs')).filter(name => name.endsWith('-short.json'))).toHaveLength(
      3,
    )
  })

  it('gives one JSON document with every run', async () => {
    const {code, stdout} = await baseline('--profile', profile, '--backends', 'embedded', '--repeat', '2', '--json')
    const document = JSON.parse(stdout.toString())
    expect(document).toMatchObject({schema: 'repbench.baseline/1', repetitions: 2, interrupted: false, verdict: 'pass'})
    expect(document.rows.map((row: {runs: number}) => row.runs)).toEqual([2, 2])
    const names = document.runs.map(({target}: {target: {name: string}}) => target.name)
    expect(names).toEqual(['embedded master', 'embedded slave', 'embedded slave', 'embedded master'])
    for (const {run, pair} of document.runs) {
      expect(runDocumentSchema.safeParse(run).success).toBe(true)
      expect(run.lagUs.aToB.count).toBeGreaterThan(0)
      expect(run.replication).toEqual({lagUs: run.lagUs, consistency: null})
      expect(pair).toMatchObject({
        linkSurvived: true,
        verdict: 'paired',
        why: 'writes cross both ways',
        firstAlarm: null,
      })
    }
    expect(code).toBe(0)
  })

  it('writes no probe keys where that is not wanted', async () => {
    const {stdout} = await baseline('--profile', profile, '--backends', 'embedded', '--no-probe', '--json')
    const {runs} = JSON.parse(stdout.toString())
    for (const {run, pair} of runs) {
      expect([run.lagUs, run.replication]).toEqual([null, null])
      expect(pair).toMatchObject({linkSurvived: true, verdict: 'paired', why: expect.stringContaining('by its log')})
      expect(pair.counts.stored.loaded).toBe(pair.counts.stored.other)
    }
  })

  it('prints what is there on Ctrl-C, and leaves no node', async () => {
    const child = startRepbench(['baseline', '--profile', long, '--backends', 'memcached,embedded'], env)
    onTestFinished(() => void child.kill('SIGKILL'))
    const output = text(child.stdout!)
    for await (const chunk of child.stderr!) if (String(chunk).includes('running')) break
    const nodes = childrenOf(child.pid!)
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect(await output).toMatch(/\nmemcached \(interrupted\) +\d+ /)
    expect(await output).toContain('warning        interrupted: partial results\n')
    expect([code, nodes.length > 0]).toEqual([130, true])
    expect(nodes.filter(({pid}) => isAlive(pid))).toEqual([])
  })

  it.each([
    [['--backends', 'redis'], "Expected some of memcached,embedded,repcached, each once, got 'redis'"],
    [['--backends', 'embedded,embedded'], 'each once'],
    [['--profile', 'nosuch'], 'nosuch'],
    [['--repeat', '0'], "Expected a number from 1 to 1000, got '0'"],
    [['--memcached-bin', '/no/such/file'], '/no/such/file'],
  ])('refuses %j', async (args, message) => {
    const {code, stdout, stderr} = await baseline(...args)
    expect(stderr).toContain(message)
    expect([code, stdout.toString()]).toEqual([2, ''])
  })
})

describe.skipIf(!process.env.REPCACHED_BIN)('with a real repcached (REPCACHED_BIN)', () => {
  it('says that its link was lost, and how much arrived', async () => {
    const flood = join(directory, 'flood.yaml')
    writeFileSync(flood, 'extends: smoke\nduration: 2s\nrate: 0\nconns: 8\npipeline: 500\nmix: {set: 1}\nsizes: d20\n')
    const {stdout} = await baseline('--profile', flood, '--backends', 'repcached', '--queue', '64', '--json')
    const {rows, runs} = JSON.parse(stdout.toString())
    expect(rows.map(({pair}: {pair: {survived: number}}) => pair.survived)).toEqual([0, 0])
    for (const {pair, run} of runs) {
      expect(pair).toMatchObject({verdict: 'unpaired-but-serving', firstAlarm: {kind: 'overflow'}})
      expect(pair.counts.stored.other).toBeLessThan(pair.counts.stored.loaded)
      expect(run.events.map(({kind}: {kind: string}) => kind)).toContain('diverging')
    }
  })
})
