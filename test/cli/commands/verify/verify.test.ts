import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {text} from 'node:stream/consumers'
import {afterEach, describe, expect, it} from 'vitest'
import {formatAddress} from '../../../../src/protocol/address.js'
import {launchTopology, type Topology} from '../../../../src/server/topology/topology.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {childrenOf, isAlive} from '../../../helpers/processes.js'
import {binPath, runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'

const topologies: Topology[] = []

afterEach(async () => {
  await Promise.all(topologies.splice(0).map(topology => topology.close()))
})

async function launch(name: string): Promise<string[]> {
  const topology = await launchTopology({name, binPath})
  topologies.push(topology)
  return topology.nodes.flatMap(({address: {host, port}}) => ['--server', `${host}:${port}`])
}

describe('repbench verify', () => {
  it('passes an embedded pair, one line for each step', async () => {
    const {code, stdout, stderr} = await runRepbench(['verify', '--wait', '1m'])
    const lines = stdout.toString().trim().split('\n')
    expect(lines.pop()).toMatch(/^21 of 21 steps passed \(\d+\.\d s\)$/)
    expect(lines).toHaveLength(21)
    for (const line of lines)
      expect(line).toMatch(
        /^✓ (m1 → s1|s1 → m1) {2}\S.* (lag \d+(\.\d ms| µs)|1 to 1000 KB|repcached does not promise)/,
      )
    expect(stderr).toMatch(/^pair: m1 127\.0\.0\.1:\d+, s1 127\.0\.0\.[12]:\d+\n$/)
    expect(code).toBe(0)
  })

  it('gives one JSON document, also for a pair that is already running', async () => {
    const servers = await launch('pair')
    const {code, stdout} = await runRepbench(['verify', ...servers, '--json'])
    const document = JSON.parse(stdout.toString())
    expect(document).toMatchObject({
      schema: 'repbench.verify/1',
      topology: 'running',
      waitLimitMs: 2000,
      verdict: 'pass',
    })
    expect(document.steps).toHaveLength(21)
    expect(document.steps.at(-1)).toMatchObject({step: 'the same keys at once', verdict: 'pass', reason: null})
    expect(code).toBe(0)
  })

  it('fails for two nodes that are no pair', async () => {
    const servers = [...(await launch('memcached')), ...(await launch('memcached'))]
    const {code, stdout} = await runRepbench(['verify', ...servers, '--wait', '200ms'])
    const lines = stdout.toString().trim().split('\n')
    expect(lines.filter(line => line.startsWith('✗'))).toHaveLength(4)
    expect(lines.filter(line => line.startsWith('✓'))).toHaveLength(0)
    expect(lines.at(-1)).toMatch(/^0 of 18 steps passed, 4 failed, 14 not tried/)
    expect(code).toBe(1)
  })

  it('says in one line that a server is not there', async () => {
    const {code, stdout, stderr} = await runRepbench(['verify', '--server', '127.0.0.1:1', '--server', '127.0.0.1:2'])
    expect(stderr).toMatch(/^repbench: Expected .* 127\.0\.0\.1:1, got a refused connection: nothing listens there$/m)
    expect(stdout).toHaveLength(0)
    expect(code).toBe(1)
  })

  it.each([
    [
      ['trio'],
      "Expected a topology (pair, single, memcached, repcached, mixed, mixed-reverse, memcached+pair, memcached+repcached), got 'trio'",
    ],
    [
      ['single'],
      "Expected a topology with a pair (pair, repcached, mixed, mixed-reverse, memcached+pair, memcached+repcached), got 'single'",
    ],
    [['--server', '127.0.0.1:1'], 'Expected --server twice, got it once'],
    [['--server', 'localhost:1', '--server', '127.0.0.1:1'], 'Expected two different nodes'],
    [['pair', '--server', '127.0.0.1:1'], 'Expected either a topology or --server'],
    [['--flush'], 'Expected --flush with --server only'],
    [['--wait', '2'], "Expected a duration such as 500ms, 10s or 2m, got '2'"],
  ])('exits with 2 on wrong usage: %j', async (args, message) => {
    const {code, stdout, stderr} = await runRepbench(['verify', ...args])
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toHaveLength(0)
    expect(code).toBe(2)
  })

  it('says how to get repcached, exit 2', async () => {
    const {code, stderr} = await runRepbench(['verify', 'repcached'], {env: {REPCACHED_BIN: '', PATH: '/nowhere'}})
    expect(stderr).toContain('Expected repcached from --repcached-bin, REPCACHED_BIN or PATH, got none; ')
    expect(code).toBe(2)
  })

  it.skipIf(!process.env.REPCACHED_BIN)('passes a pair of real repcached', async () => {
    const {code, stdout} = await runRepbench(['verify', 'repcached'])
    expect(stdout.toString()).toMatch(/21 of 21 steps passed/)
    expect(code).toBe(0)
  })
})

describe('repbench verify --known-faults', () => {
  const verify = (...args: string[]) => runRepbench(['verify', ...args, '--known-faults', '--wait', '5s'])

  it('finds none in an embedded pair', async () => {
    const {code, stdout} = await verify()
    expect(stdout.toString()).toMatch(/31 of 31 steps passed/)
    expect(code).toBe(0)
  })

  it('tries on running nodes only what neither empties nor restarts them', async () => {
    const {code, stdout} = await verify(...(await launch('pair')))
    expect(stdout.toString()).toMatch(/25 of 31 steps passed, 6 not tried/)
    expect(code).toBe(0)
  })

  it.skipIf(!process.env.REPCACHED_BIN)('finds each in a pair of real repcached, and says why', async () => {
    const {code, stdout} = await verify('repcached')
    const failed = stdout
      .toString()
      .split('\n')
      .filter(line => line.startsWith('✗'))
    const because = failed.map(line => /^✗ (.*?) {2}.* because (.{24})/.exec(line)?.slice(1).join(': '))
    expect(because).toEqual([
      'm1 → s1: repcached does not repli',
      's1 → m1: repcached does not repli',
      'm1 → s1: repcached sends them as ',
      's1 → m1: repcached sends them as ',
      'm1 → s1: repcached drops the old ',
      's1 → m1: repcached drops the old ',
      'm1 → s1: repcached sends its own ',
      's1 → m1: repcached sends its own ',
      'm1 → s1: the peer refuses the val',
      'm1 → s1: a full sync does not tel',
    ])
    expect(code).toBe(1)
  })
})

describe('repbench verify that is ended early', () => {
  const started: number[] = []

  afterEach(() => {
    for (const pid of started.splice(0).filter(isAlive)) process.kill(pid, 'SIGKILL')
  })

  /** Starts it and waits until the check is under way. */
  async function startVerify() {
    const child = startRepbench(['verify'])
    started.push(child.pid!)
    await once(createInterface({input: child.stdout!}), 'line')
    const children = childrenOf(child.pid!)
    const nodes = children.filter(({commandLine}) => commandLine.includes('repbench.js node')).map(({pid}) => pid)
    const helpers = children.map(({pid}) => pid).filter(pid => !nodes.includes(pid))
    started.push(...nodes, ...helpers)
    expect(nodes).toHaveLength(2)
    expect(helpers).toHaveLength(1)
    return {child, nodes, helpers}
  }

  it('stops its nodes on Ctrl-C and exits with 130', async () => {
    const {child, nodes, helpers} = await startVerify()
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect(code).toBe(130)
    expect([...nodes, ...helpers].filter(isAlive)).toEqual([])
  })

  it('leaves no node behind when it is killed with SIGKILL, not even a stopped one', async () => {
    const {child, nodes, helpers} = await startVerify()
    process.kill(nodes[1]!, 'SIGSTOP')
    child.kill('SIGKILL')
    await waitFor(() => expect([...nodes, ...helpers].filter(isAlive)).toEqual([]))
  })
})

it('an interrupted check tells what it has found up to then, and blames nobody', async () => {
  const {address: a} = await startEmbedded()
  const {address: b} = await startEmbedded()
  const servers = [a, b].flatMap(address => ['--server', formatAddress(address)])
  const child = startRepbench(['verify', ...servers, '--wait', '1m', '--json'])
  child.stderr!.once('data', () => child.kill('SIGINT'))
  const [stdout] = await Promise.all([text(child.stdout!), once(child, 'close')])
  expect(JSON.parse(stdout)).toMatchObject({interrupted: true, steps: [], verdict: 'unknown'})
  expect(child.exitCode).toBe(130)
})
