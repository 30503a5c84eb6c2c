import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {beforeEach, describe, expect, test} from 'vitest'
import {runDocumentSchema} from '../../../../src/cli/documents/json/run-json.js'
import {formatAddress} from '../../../../src/protocol/address.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'

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
    expect(stderr).toContain(`saved to ${(await savedRuns())[0]}`)
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

test.each([
  ['master', 0, 1],
  ['slave', 1, 1],
  ['both', 0, 2],
])('of two servers the load goes to %s', async (to, first, count) => {
  const servers = [await startFakeMemcached(), await startFakeMemcached()]
  const named = servers.flatMap(({address}) => ['--server', formatAddress(address)])
  const {code, stdout} = await load(...named, '--to', to, '--method', 'set', '--duration', '100ms', '--json')
  expect(code).toBe(0)
  const document = runDocumentSchema.parse(JSON.parse(stdout.toString()))
  expect(document.target).toEqual(servers[first]!.address)
  expect(document.targets).toHaveLength(count)
  expect(document.topology.nodes).toHaveLength(2)
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
  expect(stderr).toContain('warning: cannot save the run')
})

describe('wrong input is one line on stderr', () => {
  test.each<[args: string, message: string]>([
    ['--profile sead', 'Expected a profile (smoke, seed'],
    ['--profile sead', "got 'sead' (did you mean seed?)"],
    ['--profile /nowhere.yaml', 'Expected a readable profile file, got ENOENT: no such file or directory'],
    ['--server 127.0.0.1:99999', "Expected HOST:PORT with a port from 1 to 65535, got '127.0.0.1:99999'"],
    ['--server :1', "got ':1'"],
    ['--server a:1 --server b:1 --server c:1', 'Expected --server once or twice, got it 3 times'],
    ['--server a:1 --server a:1', 'Expected two different servers, got a:1 twice'],
    ['--server 127.0.0.1:1 --topology pair', 'cannot be used with'],
    ['--topology pear', 'Allowed choices are pair'],
    ['--to nowhere', 'Allowed choices are master, slave, both'],
    ['--rate fast', "Expected a rate per second from 0 to 10m, such as 500 or 50k, got 'fast'"],
    ['--rate -5', "got '-5'"],
    ['--rate 11m', "Expected a rate per second from 0 to 10m, such as 500 or 50k, got '11m'"],
    ['--conn-rate 2m', "Expected a rate per second from 0 to 1m, such as 500 or 50k, got '2m'"],
    ['--arrival poisson', "Expected an arrival (deterministic, uniform, exponential), got 'poisson'"],
    ['--ramp 1k-2k', "Expected FROM..TO/DURATION such as 10k..100k/60s, got '1k-2k'"],
    ['--ramp 1k..x/60s', "got 'x'"],
    ['--ramp 0..0/60s', "Expected a rate above 0, got '0..0/60s'"],
    ['--steps 20k,40k', "such as 20k,40k,60k/10s, got '20k,40k'"],
    ['--steps 20k/forever', "Expected a duration such as 500ms, 10s or 2m, got 'forever'"],
    ['--pipeline 0', "Expected a number of calls under way from 1 to 10000, got '0'"],
    ['--conns 0', "Expected a number of connections from 1 to 10000, got '0'"],
    ['--calls none', "Expected a number of calls from 1 to 1000000000, got 'none'"],
    ['--duration soon', "Expected a duration such as 500ms, 10s or 2m, got 'soon'"],
    ['--duration 0s', "Expected a duration above 0 and up to 168h, got '0s'"],
    ['--warmup 5', "Expected a duration such as 500ms, 10s or 2m, got '5'"],
    ['--method sett', "got 'sett' (did you mean set?)"],
    ['--mix get', "Expected METHOD:WEIGHT,… such as get:90,set:10, got 'get'"],
    ['--mix get:0', "Expected a weight from 1 to 1000000, got '0'"],
    ['--mix get:1,get:2', 'Expected each method once, got get twice'],
    ['--sizes x5', "got 'x5'"],
    ['--sizes u10,5', "Expected MIN,MAX with MIN up to MAX, got 'u10,5'"],
    ['--values text', "Expected zeros or random, got 'text'"],
    ['--keys 5g', "Expected a number of keys from 1 to 4294967296, got '5g'"],
    [
      '--key-dist zipff',
      "Expected a key distribution (sequential, uniform, zipf, gaussian), got 'zipff' (did you mean zipf?)",
    ],
    ['--key-dist zipf:11', "Expected an exponent above 0 and up to 10, got 'zipf:11'"],
    ['--key-dist uniform:2', "Expected uniform alone, got 'uniform:2'"],
    ['--hit-ratio 150%', "Expected a share from 0 to 1 or 0% to 100%, such as 0.95 or 95%, got '150%'"],
    [`--prefix ${'x'.repeat(243)}`, 'Expected up to 242 printable ASCII characters without blanks'],
    ['--multiget 1001', "Expected a number of keys of one get from 1 to 1000, got '1001'"],
    ['--ttl 1500ms', "Expected whole seconds up to 720h (30 days), such as 60s or 1h, got '1500ms'"],
    ['--timeout 2h', "Expected a time-out from 1ms to 1h, got '2h'"],
    ['--threads many', "Expected auto or a number of threads from 1 to 256, got 'many'"],
    ['--seed -1', "got '-1'"],
    ['--assert p99<2', "Expected a duration such as 500us, 2ms or 1s after p99, got '2'"],
    ['--assert p98<2ms', "Expected a measure, got 'p98' (did you mean"],
    ['--repeat 0', "Expected a number of runs from 1 to 1000, got '0'"],
    ['--velocity 3', "unknown option '--velocity'"],
    ['--out /nowhere/x', 'Expected a writable --out file, got ENOENT'],
    ['--hgrm /', "Expected a writable --hgrm file, got a directory, '/'"],
  ])('%s', async (args, message) => {
    await expectUsageError(args, message)
  })

  test('a server that is not there fails the run', async () => {
    const {stderr, code} = await load('--server', '127.0.0.1:1')
    expect(stderr).toBe('repbench: Expected a server at 127.0.0.1:1, got a refused connection: nothing listens there\n')
    expect(code).toBe(1)
  })
})

describe('contradictions are named', () => {
  test.each([
    ['--rate 1k --pipeline 3', 'Expected either --rate or --pipeline, got both: an open loop sends at its rate'],
    ['--calls 5 --duration 3s', 'Expected either --calls or --duration, got both: both say how long'],
    ['--method set --mix get:1', 'Expected either --method or --mix, got both'],
    ['--ramp 1k..2k/1s --rate 1k', 'Expected either --ramp or --rate, got both: both say how fast'],
    ['--ramp 1k..2k/1s --steps 1k,2k/1s', 'Expected either --ramp or --steps, got both'],
    ['--steps 1k,2k/1s --rate 1k', 'Expected either --steps or --rate, got both'],
    [
      '--steps 1k,2k/1s --duration 1s',
      'Expected either --steps or --duration, got both: steps say themselves how long',
    ],
    ['--ramp 1k..2k/1s --calls 9', 'Expected either --ramp or --calls, got both'],
    ['--ramp 1k..2k/1s --pipeline 9', 'Expected either --ramp or --pipeline, got both'],
    ['--ramp 1k..2k/1s --conn-rate 9', 'Expected either --ramp or --conn-rate, got both'],
    ['--arrival uniform --rate 0', 'Expected a rate above 0 with --arrival, got 0, a closed loop'],
    ['--arrival uniform --pipeline 2', 'Expected either --arrival or --pipeline, got both'],
    [
      '--verify --method append',
      'Expected no append, prepend, incr or decr with verify: their values are not what one call wrote, got append',
    ],
    ['--verify --sizes d4', 'Expected sizes of at least 8 bytes with verify, got d4'],
    ['--verify --keys 5', 'Expected as many keys as connections, and no more than 100000000, with verify, got 5'],
    ['--conns 2 --threads 3', 'Expected no more threads than connections, got 3'],
    [
      '--profile seed --key-dist uniform',
      'Expected --keys with --key-dist, got a load whose every call has a key of its own',
    ],
    ['--profile seed --prefill', 'Expected --keys with --prefill'],
    ['--method set --multiget 3', 'Expected get or gets in the mix with --multiget, got set'],
    ['--method set --hit-ratio 50%', 'Expected get or gets in the mix with --hit-ratio, got set'],
    ['--server a:1 --failover', 'Expected two nodes with --failover, got one --server'],
    ['--topology single --failover', 'Expected two nodes with --failover, got topology single with one'],
    ['--server a:1 --to slave', 'Expected two nodes with --to slave, got one --server'],
    ['--topology memcached --to both', 'Expected two nodes with --to both, got topology memcached with one'],
  ])('%s', async (args, message) => {
    await expectUsageError(args, message)
  })
})

async function expectUsageError(args: string, message: string): Promise<void> {
  const {code, stdout, stderr} = await load(...args.split(' '))
  expect(stderr).toContain(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect({code, stdout: stdout.toString()}).toEqual({code: 2, stdout: ''})
}
