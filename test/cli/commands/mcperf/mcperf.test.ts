import {once} from 'node:events'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {createServer, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Address} from '../../../../src/protocol/address.js'
import {converse} from '../../../helpers/converse.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {freePort} from '../../../helpers/ports.js'
import {type RunResult, runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'
import {runMcperfProgram} from './mcperf-program.js'

const wordsFor = ({host, port}: Address, options: string) => ['-s', host, '-p', String(port), ...options.split(' ')]

const mcperf = (address: Address, options: string): Promise<RunResult> =>
  runRepbench(['mcperf', ...wordsFor(address, options)])

async function nobodyThere(): Promise<Address> {
  return {host: '127.0.0.1', port: await freePort()}
}

/** A report without what differs from run to run. */
function lasting(report: string): string[] {
  return report
    .split('\n')
    .filter(line => !/^(Connection time|Connect time|Response time|CPU)/.test(line))
    .map(line => line.replace(/(rate|test-duration|rate:) .*/, '$1'))
}

test('reports in mcperf’s form, on stderr', async () => {
  const {address} = await startMemcached()
  const {code, stdout, stderr} = await mcperf(address, '--num-conns=3 --num-calls=5 --sizes=u1,10 -H')
  expect(code).toBe(0)
  expect(stdout.toString()).toBe('')
  expect(stderr.replaceAll(/\d+\.\d+/g, '0.0').replaceAll(/^ +0\.0 \d+\n|^ +:\n/gm, '')).toBe(`
Total: connections 3 requests 15 responses 15 test-duration 0.0 s

Connection rate: 0.0 conn/s (0.0 ms/conn <= 1 concurrent connections)
Connection time [ms]: avg 0.0 min 0.0 max 0.0 stddev 0.0
Connect time [ms]: avg 0.0 min 0.0 max 0.0 stddev 0.0

Request rate: 0.0 req/s (0.0 ms/req)
Request size [B]: avg 0.0 min 0.0 max 0.0 stddev 0.0

Response rate: 0.0 rsp/s (0.0 ms/rsp)
Response size [B]: avg 0.0 min 0.0 max 0.0 stddev 0.0
Response time [ms]: avg 0.0 min 0.0 max 0.0 stddev 0.0
Response time histogram [ms]:
Response time [ms]: p25 0.0 p50 0.0 p75 0.0
Response time [ms]: p95 0.0 p99 0.0 p999 0.0
Response type: stored 15 not_stored 0 exists 0 not_found 0
Response type: num 0 deleted 0 end 0 value 0
Response type: error 0 client_error 0 server_error 0

Errors: total 0 client-timo 0 socket-timo 0 connrefused 0 connreset 0
Errors: fd-unavail 0 ftab-full 0 addrunavail 0 other 0

CPU time [s]: user 0.0 system 0.0 (user 0.0% system 0.0% total 0.0%)
Net I/O: bytes 0.0 B rate 0.0 KB/s (0.0*10^6 bps)

`)
  // What mcperf 0.1.1 prints for the same command.
  expect(stderr).toContain('Request size [B]: avg 30.9 min 28.0 max 35.0 stddev 2.33\n')
  expect(stderr).toContain('Response size [B]: avg 8.0 min 8.0 max 8.0 stddev 0.00\n')
  expect(stderr).toContain('Net I/O: bytes 583.0 B ')
})

test.each([
  ['-m get -N 4', 'end 0 value 4'],
  ['-m gets -N 4', 'end 0 value 4'],
  ['-m get -P none: -N 4', 'end 4 value 0'],
  ['-m delete -N 4', 'num 0 deleted 4'],
  ['-m incr -z d7 -N 4', 'num 4 deleted 0'],
  ['-m add -N 4', 'stored 0 not_stored 4'],
  ['-m cas -N 4', 'stored 1 not_stored 0 exists 3 not_found 0'],
  ['-m cas -P none: -N 4', 'exists 0 not_found 4'],
])('counts replies by type: %s', async (options, counts) => {
  const {address} = await startMemcached()
  await mcperf(address, '-N 2 -n 2')
  expect((await mcperf(address, options)).stderr).toContain(counts)
})

test('speaks to a unix socket, and resets nothing there', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'repbench-mcperf-'))
  onTestFinished(() => rm(directory, {recursive: true}))
  const path = join(directory, 'socket')
  const server = createServer(socket => socket.on('data', () => socket.write('STORED\r\n'))).listen(path)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const {code, stderr} = await runRepbench(['mcperf', '-s', path, '-n', '2', '-N', '3', '--linger=0'])
  expect(code).toBe(0)
  expect(stderr).toContain('stored 6 ')
})

test('--linger=0 ends connections with a reset', async () => {
  const failures: string[] = []
  const watch = (socket: Socket) => socket.on('error', (error: NodeJS.ErrnoException) => failures.push(error.code!))
  const {address} = await startFakeMemcached(undefined, watch)
  await mcperf(address, '-n 2 -N 2')
  expect(failures).toEqual([])
  await mcperf(address, '-n 2 -N 2 --linger=0')
  await waitFor(() => expect(failures).toEqual(['ECONNRESET', 'ECONNRESET']))
})

describe('exit status', () => {
  test('1 when connections failed, which the report counts', async () => {
    const {code, stderr} = await mcperf(await nobodyThere(), '-n 3 -N 2')
    expect(code).toBe(1)
    expect(stderr).toContain('Total: connections 3 requests 0 responses 0 ')
    expect(stderr).toContain('Errors: total 3 client-timo 0 socket-timo 0 connrefused 3 connreset 0\n')
    expect(stderr).toMatch(/^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\] mcperf: first connrefused: connect ECONN/)
    expect(stderr).not.toMatch(/nan|inf/i)
    expect((await mcperf(await nobodyThere(), '-v 0')).stderr).not.toContain('first')
  })

  test('1 when the server refused calls', async () => {
    const {address} = await startFakeMemcached(() => 'SERVER_ERROR out of memory storing object\r\n')
    const {code, stderr} = await mcperf(address, '-N 2')
    expect(code).toBe(1)
    expect(stderr).toContain('error 0 client_error 0 server_error 2')
  })

  test('0 with --mcperf-exit', async () => {
    expect((await mcperf(await nobodyThere(), '--mcperf-exit')).code).toBe(0)
  })

  test('1 for what mcperf refuses, with its message and the usage', async () => {
    const {code, stderr} = await runRepbench(['mcperf', '-p', '0'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^mcperf: option -p value 0 is not a valid port\nUsage: mcperf /)
  })

  test('1 for a host without address and a log that cannot be written', async () => {
    const host = await runRepbench(['mcperf', '-s', 'no-such-host.invalid'])
    expect(host).toMatchObject({code: 1, stderr: expect.stringContaining("of node 'no-such-host.invalid'")})
    const log = await runRepbench(['mcperf', '-o', '/nonexistent/log'])
    expect(log).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^opening log file '\/nonexistent\/log' failed: /),
    })
  })

  test('0 for --help and --version', async () => {
    expect(await runRepbench(['mcperf', '-?'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Usage: mcperf'),
    })
    expect(await runRepbench(['mcperf', '-V'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^This is mcperf-/),
    })
  })
})

test('the log goes to its file, the report to stderr', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'repbench-mcperf-'))
  onTestFinished(() => rm(directory, {recursive: true}))
  const path = join(directory, 'log')
  const {stderr} = await mcperf(await nobodyThere(), `-o ${path} -b 4096 -l 3`)
  expect(stderr).toMatch(/^\nTotal: /)
  expect(await readFile(path, 'utf8')).toMatch(
    /mcperf: -b has no effect.*\n.*mcperf: -l has no effect.*\n.*first connref/,
  )
})

test('Ctrl-C ends the run with the report so far', async () => {
  const {address, requests} = await startFakeMemcached()
  const child = startRepbench(['mcperf', ...wordsFor(address, '-n 3 -r 1000 -N 1000000 -R 100')])
  const report = text(child.stderr!)
  await waitFor(() => expect(requests.length).toBeGreaterThan(20))
  child.kill('SIGINT')
  await once(child, 'close')
  expect(child.exitCode).toBe(130)
  expect(await report).toMatch(/^\nTotal: connections 3 requests \d\d+ responses \d\d+ /)
})

describe.runIf(process.env.MCPERF_BIN)('beside the real mcperf (MCPERF_BIN)', () => {
  const names = ['cmd_set', 'cmd_get', 'get_hits', 'total_items', 'curr_items', 'bytes', 'bytes_read', 'incr_hits']
  /** What repbench asks a server before any work with it. */
  const look = 'version\r\n'

  async function statsAfter(run: (address: Address) => Promise<unknown>): Promise<Record<string, number>> {
    const {address} = await startMemcached()
    await run(address)
    const stats = await converse(address, 'stats\r\n')
    return Object.fromEntries(names.map(name => [name, Number(new RegExp(`STAT ${name} (\\d+)`).exec(stats)?.[1])]))
  }

  test.each([
    '--linger=0 --conn-rate=1000 --call-rate=1000 --num-calls=100 --num-conns=50 --sizes=u1024,10240',
    '-n 50 -N 100 -r 2000 -z e300 -c 2/3',
    '-n 10 -N 100 -q -z u1,500',
    '-n 10 -N 100 -m gets -R e0.0001 -r u0.001,0.002',
  ])('the server counts the same, and the report’s lasting part is the same: %s', async options => {
    let theirs = ''
    let ours = ''
    const statsOfTheirs = await statsAfter(async address => {
      theirs = await runMcperfProgram(address, options)
    })
    const statsOfOurs = await statsAfter(async address => {
      ours = (await mcperf(address, options)).stderr
    })
    expect(statsOfOurs).toEqual({...statsOfTheirs, bytes_read: statsOfTheirs.bytes_read! + look.length})
    expect(lasting(ours)).toEqual(lasting(theirs))
  })
})
