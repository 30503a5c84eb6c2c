import {once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {ordersOf} from '../../../../src/cli/commands/compare/run-pairs.js'
import {formatAddress} from '../../../../src/protocol/address.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-pairs-'))
})

afterEach(() => rm(state, {recursive: true}))

async function repbench(...args: readonly string[]) {
  const {code, stdout, stderr} = await runRepbench(args, {env: {XDG_STATE_HOME: state}})
  return {code, stdout: stdout.toString(), stderr}
}

/** A profile file. */
async function profile(name: string, lines: string, rate = 200): Promise<string> {
  const path = join(state, `${name}.yaml`)
  await writeFile(path, `rate: ${rate}\nconns: 4\nmethod: set\nduration: 200ms\n${lines}`)
  return path
}

/** A server that stores after so long. */
async function startServer(delayMs = 0): Promise<string> {
  const {address} = await startFakeMemcached(({socket}) => {
    setTimeout(() => socket.writable && socket.write('STORED\r\n'), delayMs)
    return undefined
  })
  return formatAddress(address)
}

async function savedRuns(): Promise<{runs: {startedAt: string}[]}[]> {
  const directory = join(state, 'repbench', 'runs')
  const names = (await readdir(directory)).sort()
  return Promise.all(names.map(async name => JSON.parse(await readFile(join(directory, name), 'utf8'))))
}

/** On a busy machine a run may be of no use. */
const tooFew = expect.stringMatching(/^[0-2] pairs?, 6 are needed$/)

const servers = (...addresses: readonly string[]) => addresses.flatMap(address => ['--server', address])

test('turns are A B B A first, then that or B A A B by chance', () => {
  const chances = [0.7, 0.2, 0.1]
  const orders = ordersOf(7, () => chances.shift()!)
  expect(orders.map(order => order.map(place => 'AB'[place]).join(''))).toEqual([
    'AB',
    'BA',
    'BA',
    'AB',
    'AB',
    'BA',
    'AB',
  ])
})

test('two servers take turns, A B B A, and what was made is kept for another comparison', async () => {
  const addresses = [await startServer(), await startServer()]
  const load = ['--profile', await profile('light', '')]
  const {code, stdout, stderr} = await repbench('compare', ...servers(...addresses), ...load, '--pairs', '2', '--json')
  expect(code).toBe(0)
  const order = [...stderr.matchAll(/^pair (\d) of 2: ([AB])/gm)].map(([, pair, side]) => `${pair}${side}`)
  expect(order).toEqual(['1A', '1B', '2B', '2A'])
  expect(stderr).toMatch(/^warm-up: A .*[\s\S]*^warm-up: B .*[\s\S]*^pair 1/m)
  const document = JSON.parse(stdout)
  expect(document).toMatchObject({
    schema: 'repbench.compare/1',
    runs: addresses.map(label => ({label, name: 'light', repetitions: 2, verdict: 'pass'})),
    differences: [],
    judgements: [{design: 'pairs', pairs: 2, reason: tooFew, test: null, measures: []}],
    limits: [],
  })
  const times = (await savedRuns()).map(({runs}) => runs.map(({startedAt}) => startedAt))
  const [[a1, a2], [b1, b2]] = times as [[string, string], [string, string]]
  expect([a1, b1, b2, a2]).toEqual([a1, b1, b2, a2].toSorted())
  const again = await repbench('compare', 'last-1', 'last', '--json')
  expect(JSON.parse(again.stdout).judgements).toMatchObject([{design: 'pairs', reason: tooFew}])
})

test('a server that is much slower is found, and breaks a limit', async () => {
  const [fast, slow] = [await startServer(5), await startServer(60)]
  // A closed loop with idle time cannot be late, however busy the machine.
  const args = ['--profile', await profile('closed', '', 0), '--pairs', '8', '--max-slowdown', 'p50=50%']
  const {code, stdout} = await repbench('compare', ...servers(fast, slow), ...args)
  expect(stdout).toMatch(/^ {2}p50 +worse +\+[\d.]+ % {2}p 0\.0\d+$/m)
  expect(stdout).toMatch(/^fail +--max-slowdown p50=50% {2}worse by [\d.]+ %$/m)
  expect(code).toBe(1)
})

test('two loads on the same server; a limit that cannot be judged is unknown', async () => {
  const [first, second] = [await profile('small', 'sizes: d32\n'), await profile('big', 'sizes: d4096\n')]
  const target = servers(await startServer())
  const args = [first, second, ...target, '--pairs', '2', '--duration', '100ms', '--max-slowdown', 'p50=5%']
  const {code, stdout} = await repbench('compare', ...args)
  expect(stdout).toMatch(/^A: \S+small\.yaml +small .*\nB: \S+big\.yaml +big /m)
  expect(stdout).toMatch(/^differs: sizes {2}d32 → d4096$/m)
  expect(stdout).toMatch(/^unknown {2}--max-slowdown p50=5% {2}no judgement: [0-2] pairs?, 6 are needed$/m)
  expect(code).toBe(3)
})

test('two kinds of node are launched for each run', async () => {
  const args = ['--topology', 'single', '--topology', 'pair', '--pairs', '2', '--duration', '100ms', '--json']
  const {code, stdout} = await repbench('compare', '--profile', await profile('light', ''), ...args)
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    runs: [{label: 'single'}, {label: 'pair'}],
    differences: [{setting: 'topology'}],
  })
})

test('a server that is not there ends it at once', async () => {
  const args = ['--profile', await profile('light', ''), '--pairs', '2']
  const {code, stdout, stderr} = await repbench('compare', ...servers(await startServer(), '127.0.0.1:1'), ...args)
  expect(stderr).toMatch(/^repbench: Expected a server at 127\.0\.0\.1:1, got a refused connection/m)
  expect({code, stdout}).toEqual({code: 1, stdout: ''})
  expect(stderr).not.toContain('pair 1')
})

test('runs that fail are named, and make it fail', async () => {
  const {address} = await startFakeMemcached(() => 'SERVER_ERROR busy\r\n')
  const args = ['--profile', await profile('light', ''), '--pairs', '2']
  const {code, stdout} = await repbench('compare', ...servers(await startServer(), formatAddress(address)), ...args)
  expect(stdout).toMatch(/^warning: 2 of 2 runs of 127\.0\.0\.1:\d+ did not pass$/m)
  expect(code).toBe(1)
})

test('Ctrl-C ends it with a report of what is there', async () => {
  const load = await profile('light', '')
  const args = ['compare', ...servers(await startServer(), await startServer()), '--profile', load, '--pairs', '500']
  const child = startRepbench(args, {XDG_STATE_HOME: state})
  const output = text(child.stdout!)
  let progress = ''
  child.stderr!.on('data', chunk => {
    const wasThere = progress.includes('pair 3 of 500')
    progress += chunk
    // Once: a second one would not wait for the report.
    if (!wasThere && progress.includes('pair 3 of 500')) child.kill('SIGINT')
  })
  await once(child, 'close')
  expect(await output).toMatch(/^A → B {2}no judgement: [0-3] pairs?, 6 are needed/m)
  expect(child.exitCode).toBe(130)
})

test.each([
  [['--pairs', '10'], 'got none of them'],
  [['a.yaml', '--pairs', '10'], 'got one profile; of two servers, say --profile'],
  [['--server', 'h:1', '--pairs', '10'], 'got none of them'],
  [['smoke', 'seed', '--server', 'h:1', '--server', 'h:2', '--pairs', '10'], 'got two profiles and two --server'],
  [['smoke', 'seed', '--profile', 'burst', '--pairs', '10'], 'Expected no --profile beside two profiles, got burst'],
  [['smoke', 'seed', 'burst', '--pairs', '10'], 'got 3 profiles'],
  [['smoke', 'sead', '--pairs', '10'], 'did you mean seed?'],
  [['last-1', 'last', '--server', 'h:1'], 'Expected --server with --pairs, got it without'],
  [['last-1', 'last', '--measure', 'p50,hitRatio'], 'got hitRatio, of which neither way is better'],
  [['last-1', 'last', '--measure', 'speed'], "got 'speed'"],
  [['last-1', 'last', '--max-slowdown', 'p50=0.5%'], 'Expected MEASURE=N%, N from 1'],
  [['--topology', 'singel', '--pairs', '3'], "got 'singel'"],
])('%j is refused in one line', async (args, message) => {
  const {code, stdout, stderr} = await repbench('compare', ...args)
  expect(stderr).toContain(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect({code, stdout}).toEqual({code: 2, stdout: ''})
})
