import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {beforeEach, describe, expect, test} from 'vitest'
import {runDocumentSchema} from '../../src/cli/reports/run-json.js'
import {formatAddress} from '../../src/protocol/address.js'
import {startFakeMemcached} from '../helpers/fake-memcached.js'
import {startMemcached} from '../helpers/memcached.js'
import {runRepbench, startRepbench} from '../helpers/run-repbench.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-load-'))
  return () => rm(state, {recursive: true})
})

const load = (...args: string[]) => runRepbench(['load', ...args], {env: {XDG_STATE_HOME: state}})

const savedRuns = async () => {
  const directory = join(state, 'repbench', 'runs')
  return (await readdir(directory)).map(name => join(directory, name))
}

const saysThatItRuns = (child: ChildProcess) =>
  new Promise<void>(resolve => {
    child.stderr!.on('data', line => {
      if (String(line).includes('running')) resolve()
    })
  })

describe('a load on memcached', () => {
  test('with --json prints one document and saves the same', async () => {
    const {address} = await startMemcached()
    const out = join(state, 'out.json')
    const {code, stdout} = await load('--server', formatAddress(address), '--duration', '1s', '--json', '--out', out)
    expect(code).toBe(0)
    const document = runDocumentSchema.parse(JSON.parse(stdout.toString()))
    expect(document).toMatchObject({
      schema: 'repbench.run/1',
      command: 'load',
      topology: {name: 'attached'},
      operations: {intended: 2000, sent: 2000, unsent: 0, errors: {}},
      replication: null,
      assertions: [],
      verdict: 'pass',
    })
    expect(document.operations.hit).toBeGreaterThan(0)
    const saved = await savedRuns()
    expect(saved).toHaveLength(1)
    expect(saved[0]).toMatch(/T.*Z-smoke\.json$/)
    expect(await readFile(saved[0]!, 'utf8')).toBe(stdout.toString())
    expect(await readFile(out, 'utf8')).toBe(stdout.toString())
  })

  test('in a closed loop on two threads loses no call', async () => {
    const {address} = await startMemcached()
    const args = [
      '--rate',
      '0',
      '--calls',
      '500',
      '--conns',
      '7',
      '--threads',
      '2',
      '--method',
      'set',
      '--sizes',
      'u1,2000',
    ]
    const {code, stdout} = await load('--server', formatAddress(address), ...args, '--json')
    expect(code).toBe(0)
    const document = runDocumentSchema.parse(JSON.parse(stdout.toString()))
    expect(document).toMatchObject({operations: {intended: 3500, ok: 3500}, generator: {threads: 2}})
    expect(document.throughput.offeredPerSecond).toBeNull()
    expect(document.generator.scheduleSlipUs).toEqual({p50: null, p99: null, max: null})
  })

  test('prints a summary for people, and progress on stderr', async () => {
    const {address} = await startMemcached()
    const {code, stdout, stderr} = await load('--server', formatAddress(address), '--duration', '1200ms')
    expect(code).toBe(0)
    expect(stdout.toString()).toMatch(/^smoke → 127\.0\.0\.1:\d+ {3}open loop 2,000 op\/s/)
    expect(stdout.toString()).toContain('operations     2,400 intended = 2,400 sent + 0 unsent')
    expect(stdout.toString()).toMatch(/response +[\d.,]+ /)
    expect(stderr).toMatch(/running {2}\d\.\d s of 1\.2 s/)
    expect(stderr).toContain(`saved as ${(await savedRuns())[0]}`)
  })

  test('whose server is killed ends at once, counts what was lost, and fails', async () => {
    const {address, process} = await startMemcached()
    const child = startRepbench(['load', '--server', formatAddress(address), '--duration', '60s', '--json'], {
      XDG_STATE_HOME: state,
    })
    const stdout = text(child.stdout!)
    await saysThatItRuns(child)
    process.kill('SIGKILL')
    await once(child, 'close')
    expect(child.exitCode).toBe(1)
    const document = runDocumentSchema.parse(JSON.parse(await stdout))
    expect(document).toMatchObject({verdict: 'fail', operations: {intended: 120_000}, connections: {opened: 10}})
    expect(Object.values(document.connections.errors).reduce((a, b) => a + b, 0)).toBe(10)
    expect(document.events[0]).toMatchObject({kind: 'connectionFailed', node: formatAddress(address)})
  })

  test('that is interrupted prints and saves what it has', async () => {
    const {address} = await startMemcached()
    const child = startRepbench(['load', '--server', formatAddress(address), '--duration', '60s'], {
      XDG_STATE_HOME: state,
    })
    const stdout = text(child.stdout!)
    await saysThatItRuns(child)
    child.kill('SIGINT')
    await once(child, 'close')
    expect(child.exitCode).toBe(130)
    expect(await stdout).toContain('verdict        unknown (interrupted')
    expect(await savedRuns()).toHaveLength(1)
  })
})

test('a load on a pair of its own says what it ran on', async () => {
  const {code, stdout} = await load('--topology', 'pair', '--duration', '500ms', '--json')
  expect(code).toBe(0)
  const document = runDocumentSchema.parse(JSON.parse(stdout.toString()))
  expect(document.topology).toMatchObject({name: 'pair', nodes: [{name: 'm1', backend: 'embedded'}, {name: 's1'}]})
  expect(document.operations).toMatchObject({intended: 1000, errors: {}})
})

test('a silent server ends the run by the time-out', async () => {
  const server = await startFakeMemcached(() => undefined)
  const {code, stdout} = await load('--server', formatAddress(server.address), '--timeout', '200ms')
  expect(code).toBe(1)
  expect(stdout.toString()).toMatch(/failed: 10 × call time-out/)
})

test('errors are reported in the words of the server', async () => {
  const server = await startFakeMemcached(() => 'SERVER_ERROR out of memory storing object\r\n')
  const {code, stdout} = await load('--server', formatAddress(server.address), '--duration', '100ms')
  expect(code).toBe(1)
  expect(stdout.toString()).toContain('200 × SERVER_ERROR out of memory storing object')
})

test('a history that cannot be written is a warning', async () => {
  const server = await startFakeMemcached()
  await writeFile(join(state, 'repbench'), 'a file where a directory should be')
  const {code, stderr} = await load('--server', formatAddress(server.address), '--duration', '100ms')
  expect(code).toBe(0)
  expect(stderr).toContain('warning: the run could not be saved in the history')
})

describe('wrong input is one line on stderr', () => {
  const usage = 2
  test.each<[args: string, code: number, message: string]>([
    ['--profile sead', usage, "Expected a profile (smoke, seed), got 'sead' (did you mean seed?)"],
    ['--server 127.0.0.1:99999', usage, "Expected HOST:PORT with a port from 1 to 65535, got '127.0.0.1:99999'"],
    ['--server 127.0.0.1:1', 1, 'Expected a server at 127.0.0.1:1, got a refused connection'],
    ['--rate fast', usage, "Expected a rate per second from 0 to 10m, such as 500 or 50k, got 'fast'"],
    ['--rate -5', usage, "got '-5'"],
    ['--sizes x5', usage, "got 'x5'"],
    ['--sizes u10,5', usage, "Expected MIN,MAX with MIN up to MAX, got 'u10,5'"],
    ['--method sett', usage, "got 'sett' (did you mean set?)"],
    ['--mix get', usage, "Expected METHOD:WEIGHT,… such as get:90,set:10, got 'get'"],
    ['--mix get:1,get:2', usage, 'Expected each method once, got get twice'],
    ['--calls 5 --duration 3s', usage, "option '--calls <N>' cannot be used with option '--duration <D>'"],
    ['--method set --mix get:1', usage, 'cannot be used with'],
    ['--server 127.0.0.1:1 --topology pair', usage, 'cannot be used with'],
    ['--topology pear', usage, 'Allowed choices are pair'],
    ['--conns 2 --threads 3', usage, 'Expected no more threads than connections, got 3'],
    ['--conns 0', usage, "Expected a number of connections from 1 to 10000, got '0'"],
    ['--duration soon', usage, "Expected a duration such as 500ms, 10s or 2m, got 'soon'"],
    ['--pipeline 3', usage, "unknown option '--pipeline'"],
  ])('%s', async (args, code, message) => {
    const result = await load(...args.split(' '))
    expect(result.stderr).toContain(message)
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(result).toMatchObject({code, stdout: Buffer.alloc(0)})
  })
})
