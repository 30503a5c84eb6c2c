import {afterEach, describe, expect, it} from 'vitest'
import type {NodeEvent} from '../../src/server/node-event.js'
import {type LaunchOptions, launchTopology, type Topology} from '../../src/server/topology.js'
import {waitForLink} from '../../src/server/wait-for-link.js'
import {childrenOf} from '../helpers/processes.js'

const launched: Topology[] = []

afterEach(async () => {
  await Promise.all(launched.splice(0).map(topology => topology.close()))
})

async function launch(options: Partial<LaunchOptions> & {name: string}): Promise<Topology> {
  const binPath = new URL('../../bin/repbench.js', import.meta.url).pathname
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

it('launches an embedded node that does not replicate', async () => {
  const {nodes} = await launch({name: 'single'})
  expect(nodes.map(node => node.status())).toMatchObject([{state: 'up', link: 'none', role: 'none'}])
})

describe.each([
  {name: 'pair', skip: false},
  {name: 'repcached', skip: !process.env.REPCACHED_BIN},
])('a $name', ({name, skip}) => {
  it.skipIf(skip)('is linked when launched, notices a killed slave, and takes it back', async () => {
    const events: NodeEvent[] = []
    const {nodes} = await launch({name, onEvent: event => events.push(event)})
    const [master, slave] = [nodes[0]!, nodes[1]!]
    expect(master.status()).toMatchObject({link: 'paired', role: 'master'})
    expect(slave.status()).toMatchObject({link: 'paired', role: 'slave'})
    await slave.kill()
    await waitForLink(master, 'listening', {timeoutMs: 5000})
    await slave.start()
    await waitForLink(master, 'paired', {timeoutMs: 5000})
    expect(events.filter(({node}) => node === 'm1').map(({kind}) => kind)).toEqual([
      ...['started', 'dialling', 'dialFailed', 'listening', 'ready'],
      ...['linkUp', 'linkLost', 'listening', 'linkUp'],
    ])
  })

  it.skipIf(skip)('swaps roles when the master is killed and started again', async () => {
    const {nodes} = await launch({name})
    const [master, slave] = [nodes[0]!, nodes[1]!]
    await master.kill()
    await waitForLink(slave, 'listening', {timeoutMs: 5000})
    await master.start()
    await waitForLink(master, 'paired', {timeoutMs: 5000})
    await waitForLink(slave, 'paired', {timeoutMs: 5000})
    expect([master.status().role, slave.status().role]).toEqual(['slave', 'master'])
  })
})
