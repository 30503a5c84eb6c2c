import {once} from 'node:events'
import {createServer} from 'node:net'
import {describe, expect, it, onTestFinished} from 'vitest'
import {assertEnoughFiles, assertTuningFits} from '../../../src/server/programs/node-tuning.js'
import {findPortHolder} from '../../../src/server/system/port-holder.js'
import {choosePlaces} from '../../../src/server/topology/choose-places.js'
import {planTopology, topologyPlans} from '../../../src/server/topology/topology-plans.js'
import {freePort, freePorts} from '../../helpers/ports.js'

const hosts = ['127.0.0.1', '127.0.0.1'] as const
const nodesOf = (name: string, third = false) => planTopology({name, third}).nodes

describe('choosePlaces', () => {
  it('gives a pair one replication port, each node the other one’s address', async () => {
    const [master, slave] = await choosePlaces(nodesOf('pair'), {})
    const port = master!.replication!.listenPort
    expect(master!.replication).toEqual({listenPort: port, peer: {host: slave!.address.host, port}})
    expect(slave!.replication).toEqual({listenPort: port, peer: {host: '127.0.0.1', port}})
  })

  it('crosses ports where each node is to have its own', async () => {
    const [master, slave] = await choosePlaces(nodesOf('pair'), {hosts: ['127.0.0.1'], crossedPorts: true})
    const [own, other] = [master!.replication!, slave!.replication!]
    expect(own.listenPort).not.toBe(other.listenPort)
    expect(own.peer.port).toBe(other.listenPort)
    expect(other.peer.port).toBe(own.listenPort)
  })

  it('derives every port from the first', async () => {
    const firstPort = await freePorts(6)
    const places = await choosePlaces([...nodesOf('memcached+pair'), nodesOf('pair', true)[2]!], {hosts, firstPort})
    expect(places.map(({address}) => address.port - firstPort)).toEqual([0, 2, 4, 3])
    expect(places.map(({replication}) => (replication?.listenPort ?? 0) - firstPort)).toEqual([1, 1, -firstPort, 1])
  })

  it('gives the third process what the master has, but a client port of its own', async () => {
    const [master, , third] = await choosePlaces(nodesOf('pair', true), {})
    expect(third!.replication).toEqual(master!.replication)
    expect(third!.address.host).toBe(master!.address.host)
    expect(third!.address.port).not.toBe(master!.address.port)
  })

  it('says who has a port that was asked for', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const {port} = server.address() as {port: number}
    await expect(choosePlaces(nodesOf('single'), {hosts, firstPort: port})).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: expect.stringContaining(process.platform === 'linux' ? `(pid ${process.pid})` : 'another program'),
    })
  })

  it.each([
    [{hosts: ['192.0.2.77'] as const}, 'Expected an address of this machine, got 192.0.2.77'],
    [{hosts, firstPort: 65_535}, 'Expected ports up to 65535, got 65536'],
  ])('refuses %j', async (placement, message) => {
    await expect(choosePlaces(nodesOf('pair'), placement)).rejects.toThrow(message)
  })
})

it.runIf(process.platform === 'linux')('finds who listens, on one address or on all', async () => {
  const server = createServer().listen(0, '0.0.0.0')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const {port} = server.address() as {port: number}
  expect(findPortHolder({host: '127.0.0.1', port})).toMatchObject({pid: process.pid})
  expect(findPortHolder({host: '127.0.0.1', port: await freePort()})).toBeNull()
})

describe('planTopology', () => {
  it('puts another backend into pair and single', () => {
    expect(planTopology({name: 'pair', backend: 'repcached'}).nodes.map(({backend}) => backend)).toEqual([
      'repcached',
      'repcached',
    ])
    expect(planTopology({name: 'single', backend: 'memcached'}).nodes[0]!.backend).toBe('memcached')
  })

  it.each([
    [{name: 'pair', backend: 'memcached'}, 'Expected a backend that replicates (embedded, repcached), got memcached'],
    [{name: 'mixed', backend: 'embedded'}, "--backend applies only to the topologies pair and single, not to 'mixed'"],
    [{name: 'memcached', third: true}, "--third needs a pair, got the topology 'memcached'"],
  ] as const)('refuses %j', (request, message) => expect(() => planTopology(request)).toThrow(message))

  it('has a name of its own for every node, and a master before each slave', () => {
    for (const {nodes} of topologyPlans) {
      expect(new Set(nodes.map(({name}) => name)).size).toBe(nodes.length)
      const places = nodes.map(({place}) => place)
      expect(places.includes('slave') ? places.slice(0, 2) : places.slice(0, 1)).toEqual(
        places.includes('slave') ? ['master', 'slave'] : ['alone'],
      )
    }
  })
})

describe('tuning', () => {
  it.each([
    [{threads: 2}, ['embedded'], '--node-threads'],
    [{queueLimit: 10}, ['memcached'], '--queue'],
    [{resilient: true}, ['repcached', 'memcached'], '--resilient'],
  ] as const)('%j is refused where only %j would get it', (tuning, backends, option) => {
    expect(() => assertTuningFits(tuning, backends)).toThrow(`Expected ${option} with a node that has it`)
    expect(() => assertTuningFits(tuning, ['embedded', 'repcached'])).not.toThrow()
  })

  const check = {node: 'm1', backend: 'memcached', asRoot: false, limit: {soft: 1024, hard: 4096}} as const

  it.each([
    [['-c', '5000'], 5000],
    [['-v', '-c5000'], 5000],
    [['--conn-limit=5000'], 5000],
    [['-c', '100', '--conn-limit', '5000'], 5000],
  ])('finds a limit of open files that is too low for %j', (args, wanted) => {
    expect(() => assertEnoughFiles({...check, args})).toThrow(
      `Expected at least ${wanted} open files for the connections of m1 (-c ${wanted}), got a limit of 4096: allow fewer with --max-conns 4032`,
    )
  })

  it('lets through what fits, what only root may do, and what the system does not tell', () => {
    assertEnoughFiles({...check, args: ['-c', '4096']})
    assertEnoughFiles({...check, args: ['-c', '5000'], asRoot: true})
    assertEnoughFiles({...check, args: ['-c', '5000'], limit: null})
    expect(() => assertEnoughFiles({...check, args: ['-c', '5000'], asRoot: true, backend: 'embedded'})).toThrow()
    expect(() => assertEnoughFiles({...check, args: [], limit: {soft: 256, hard: 256}})).toThrow('at least 1024')
  })
})
