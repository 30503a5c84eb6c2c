import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {connect, createServer, type Server} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it, onTestFinished} from 'vitest'
import type {NodeEvent} from '../../../src/server/node-api/node-event.js'
import type {LaunchOptions} from '../../../src/server/topology/launch-options.js'
import {launchTopology, type Topology, waitForLink} from '../../../src/server/topology/topology.js'
import {childrenOf} from '../../helpers/processes.js'
import {WAIT_LIMIT_MS, waitFor} from '../../helpers/wait-for.js'

const launched: Topology[] = []
const patient = {timeoutMs: WAIT_LIMIT_MS}

afterEach(async () => {
  await Promise.all(launched.splice(0).map(topology => topology.close()))
})

async function launch(options: Partial<LaunchOptions> & {name: string}): Promise<Topology> {
  const binPath = new URL('../../../bin/repbench.js', import.meta.url).pathname
  const topology = await launchTopology({binPath, ...options})
  launched.push(topology)
  return topology
}

it('launches one native memcached', async () => {
  const {nodes} = await launch({name: 'memcached'})
  expect(nodes.map(node => node.status())).toMatchObject([{state: 'up', link: 'none'}])
  expect((await nodes[0]!.stats()).get('version')).toMatch(/^1\./)
})

it('names the topologies when it knows not the one asked for', async () => {
  await expect(launch({name: 'trio'})).rejects.toMatchObject({
    code: 'ERR_TOPOLOGY',
    message:
      "Expected a topology (pair, single, memcached, repcached, mixed, mixed-reverse, memcached+pair, memcached+repcached), got 'trio'",
  })
})

it('says how to get a missing program', async () => {
  await expect(launch({name: 'memcached', env: {PATH: ''}})).rejects.toMatchObject({code: 'ERR_PROGRAM_MISSING'})
})

it('stops what it has started when it cannot finish', async () => {
  const before = childrenOf(process.pid)
  const never = launch({name: 'repcached', env: {REPCACHED_BIN: '/bin/false'}})
  await expect(never).rejects.toMatchObject({code: 'ERR_PROGRAM_MISSING'})
  expect(childrenOf(process.pid)).toEqual(before)
})

it('gives the launch up when told to', async () => {
  const before = childrenOf(process.pid)
  await expect(launch({name: 'memcached', signal: AbortSignal.abort()})).rejects.toThrow('an abort')
  expect(childrenOf(process.pid)).toEqual(before)
})

it.each([
  ['client', / -p (\d+)/],
  ['replication', / -X (\d+)/],
])('takes other ports when somebody takes its %s port in between', async (_, flag) => {
  const started: string[] = []
  const thieves: Server[] = []
  onTestFinished(() => thieves.forEach(thief => void thief.close()))
  const topology = await launch({
    name: 'pair',
    onEvent({kind, node, text}) {
      if (kind !== 'started') return
      started.push(node)
      if (started.length > 1) return
      const pid = Number(/pid (\d+)/.exec(text)?.[1])
      // So that it cannot be the quicker one.
      process.kill(pid, 'SIGSTOP')
      const {commandLine} = childrenOf(process.pid).find(child => child.pid === pid)!
      const thief = createServer().listen(Number(flag.exec(commandLine)?.[1]), '127.0.0.1')
      thieves.push(thief.once('listening', () => process.kill(pid, 'SIGCONT')))
    },
  })
  expect(started).toEqual(['m1', 'm1', 's1'])
  expect(topology.pair!.slave.status()).toMatchObject({state: 'up', link: 'paired'})
})

it('launches an embedded node that does not replicate', async () => {
  const {nodes} = await launch({name: 'single'})
  expect(nodes.map(node => node.status())).toMatchObject([{state: 'up', link: 'none', role: 'none'}])
})

const noRepcached = !process.env.REPCACHED_BIN

it('launches a native memcached beside a pair', async () => {
  const {nodes, pair, native, third, replicationPort} = await launch({name: 'memcached+pair'})
  expect(nodes.map(node => node.name)).toEqual(['m1', 's1', 'n1'])
  expect([pair?.master.status().role, pair?.slave.status().role]).toEqual(['master', 'slave'])
  expect(native).toBe(nodes[2])
  expect(native?.status()).toMatchObject({state: 'up', link: 'none'})
  expect(third).toBeNull()
  expect(replicationPort).toBeGreaterThan(0)
})

it('crosses ports with embedded nodes, and stands an outage on one address', async () => {
  const {pair, replication} = await launch({name: 'pair', hosts: ['127.0.0.1'], crossedPorts: true})
  const ports = replication!.map(({replicationAddress: {port}}) => port)
  expect(ports[0]).not.toBe(ports[1])
  await pair!.slave.kill()
  await waitForLink(pair!.master, 'listening', patient)
  await pair!.slave.start()
  await waitForLink(pair!.master, 'paired', patient)
})

it('names the log files of nodes, which keep what they print', async () => {
  const env = {...process.env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'repbench-topology-'))}
  const {nodes} = await launch({name: 'single', env, nodeArgs: ['-vv']})
  const [node] = nodes
  await node!.stats()
  await waitFor(() => expect(readFileSync(node!.logFile!, 'utf8')).toContain('<'))
  rmSync(env.XDG_STATE_HOME, {recursive: true})
})

it.skipIf(noRepcached)('refuses crossed ports with a repcached that reads only the first number', async () => {
  await expect(launch({name: 'repcached', crossedPorts: true})).rejects.toMatchObject({
    code: 'ERR_TOPOLOGY',
    message: expect.stringContaining('Expected a repcached that knows -X LISTEN:CONNECT (2.2.1)'),
  })
})

it('gives one of 2.2.1 both ports', async () => {
  // Only its command line is tried: that version is not to be had here.
  const directory = mkdtempSync(join(tmpdir(), 'repbench-old-'))
  const file = join(directory, 'repcached')
  const identity = "echo 'memcached 1.2.8'; echo 'repcached 2.2.1'"
  writeFileSync(file, `#!/bin/sh\n[ "$1" = -h ] && { ${identity}; exit; }\necho "$@" >&2; exit 1\n`, {mode: 0o755})
  const launched = launch({name: 'repcached', crossedPorts: true, programs: {repcached: file}})
  await expect(launched).rejects.toThrow(/its last log lines: .* -X (\d+):(?!\1)\d+$/)
  rmSync(directory, {recursive: true})
})

describe.each(['mixed', 'mixed-reverse'])('%s', name => {
  it.skipIf(noRepcached)('is linked, and takes a killed slave back', async () => {
    const {pair} = await launch({name})
    expect(new Set([pair!.master.backend, pair!.slave.backend])).toEqual(new Set(['embedded', 'repcached']))
    await pair!.slave.kill()
    await waitForLink(pair!.master, 'listening', patient)
    await pair!.slave.start()
    await waitForLink(pair!.master, 'paired', patient)
  })
})

it.skipIf(noRepcached)('leaves one of a real pair orphaned that shares an address, after an overflow', async () => {
  const kinds: string[] = []
  const {pair} = await launch({
    name: 'repcached',
    hosts: ['127.0.0.1'],
    tuning: {queueLimit: 16},
    onEvent: ({kind, node}) => kinds.push(`${node} ${kind}`),
  })
  pair!.slave.pause()
  const socket = connect(pair!.master.address)
  await once(socket, 'connect')
  socket.resume()
  const value = 'x'.repeat(1000)
  for (let i = 0; i < 20_000; i++) socket.write(`set key${i} 0 0 1000 noreply\r\n${value}\r\n`)
  await waitFor(() => expect(kinds).toContain('m1 overflow'))
  pair!.slave.resume()
  await waitFor(() => expect(kinds.some(kind => kind.endsWith(' bindFailed'))).toBe(true))
  socket.destroy()
  // Its own partner has the port: no third process.
  expect(kinds.filter(kind => kind.endsWith(' thirdProcess'))).toEqual([])
})

describe.each([
  {name: 'pair', skip: false},
  {name: 'repcached', skip: noRepcached},
])('a $name', ({name, skip}) => {
  it.skipIf(skip)('is linked when launched, notices a killed slave, and takes it back', async () => {
    const events: NodeEvent[] = []
    const {nodes} = await launch({name, onEvent: event => events.push(event)})
    const [master, slave] = [nodes[0]!, nodes[1]!]
    expect(master.status()).toMatchObject({link: 'paired', role: 'master'})
    expect(slave.status()).toMatchObject({link: 'paired', role: 'slave'})
    await slave.kill()
    await waitForLink(master, 'listening', patient)
    await slave.start()
    await waitForLink(master, 'paired', patient)
    expect(events.filter(({node}) => node === 'm1').map(({kind}) => kind)).toEqual([
      ...['started', 'dialling', 'dialFailed', 'listening', 'ready'],
      ...['linkUp', 'linkLost', 'listening', 'linkUp'],
    ])
  })

  it.skipIf(skip)('swaps roles when the master is killed and started again', async () => {
    const {nodes} = await launch({name})
    const [master, slave] = [nodes[0]!, nodes[1]!]
    await master.kill()
    await waitForLink(slave, 'listening', patient)
    await master.start()
    await waitForLink(master, 'paired', patient)
    await waitForLink(slave, 'paired', patient)
    expect([master.status().role, slave.status().role]).toEqual(['slave', 'master'])
  })
})
