import {afterEach, describe, expect, it, onTestFinished} from 'vitest'
import {OwnTraffic} from '../../../src/ask/own-traffic.js'
import type {Address} from '../../../src/protocol/address.js'
import type {ProbedNode} from '../../../src/server/node-api/pair-probe.js'
import {StatsPoller} from '../../../src/server/observe/stats-poller.js'
import {StatsWatch} from '../../../src/server/observe/stats-watch.js'
import type {NodeSample} from '../../../src/server/stats/node-sample.js'
import {launchTopology, type Topology} from '../../../src/server/topology/topology.js'
import {converse} from '../../helpers/converse.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startMemcached} from '../../helpers/memcached.js'
import {freePort} from '../../helpers/ports.js'
import {binPath} from '../../helpers/run-repbench.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'
import {waitFor} from '../../helpers/wait-for.js'

const topologies: Topology[] = []

afterEach(async () => {
  await Promise.all(topologies.splice(0).map(topology => topology.close()))
})

function poll(address: Address, options: {slabs?: boolean; timeoutMs?: number} = {}): StatsPoller {
  const poller = new StatsPoller({node: asked('n1', address), windowMs: 0, ...options})
  onTestFinished(() => poller.close())
  return poller
}

function asked(name: string, address: Address): ProbedNode {
  return {name, address, traffic: new OwnTraffic()}
}

async function answered(poller: StatsPoller): Promise<Extract<NodeSample, {kind: 'answered'}>> {
  const sample = await poller.pollNow()
  if (sample.kind === 'silent') throw new Error(`Expected an answer, got ${sample.problem}`)
  return sample
}

describe('one node', () => {
  it.each([
    ['embedded', async () => (await startEmbedded()).address],
    ['memcached', async () => (await startMemcached()).address],
  ] as const)('%s is seen without our own part', async (_, start) => {
    const address = await start()
    const poller = poll(address)
    await answered(poller)
    await converse(address, 'set k 0 0 5\r\nhello\r\nget k\r\nget nothing\r\n')
    const {figures, rates, clients, roundTripMs} = await answered(poller)
    expect(figures.counters).toMatchObject({gets: 2, hits: 1, misses: 1, sets: 1, operations: 3})
    expect(rates!.gets! * rates!.seconds).toBeCloseTo(2)
    expect(rates!.bytesRead! * rates!.seconds).toBeCloseTo('set k 0 0 5\r\nhello\r\nget k\r\nget nothing\r\n'.length)
    await waitFor(async () => expect((await answered(poller)).clients).toBe(0))
    expect([clients === null, roundTripMs > 0]).toEqual([false, true])
    const later = await answered(poller)
    expect(later.rates).toMatchObject({operations: 0, bytesRead: 0, bytesWritten: 0})
  })

  it('is asked for its slabs where that is wanted', async () => {
    const {address} = await startMemcached()
    await converse(address, 'set k 0 0 5\r\nhello\r\n')
    expect((await answered(poll(address, {slabs: true}))).slabs).toMatchObject([{items: 1, pages: 1}])
    expect((await answered(poll(address))).slabs).toBeNull()
  })

  it('is asked over one connection', async () => {
    const {address} = await startMemcached()
    const poller = poll(address)
    for (let round = 0; round < 5; round++) await answered(poller)
    const before = /STAT total_connections (\d+)/.exec(await converse(address, 'stats\r\n'))![1]
    for (let round = 0; round < 5; round++) await answered(poller)
    const after = /STAT total_connections (\d+)/.exec(await converse(address, 'stats\r\n'))![1]
    expect(Number(after) - Number(before)).toBe(1)
  })

  it('may be reset: rates go on from zero', async () => {
    const {address} = await startEmbedded()
    const poller = poll(address)
    await converse(address, 'get a\r\n'.repeat(500))
    await answered(poller)
    await converse(address, `stats reset\r\n${'get a\r\n'.repeat(10)}`)
    const {rates} = await answered(poller)
    expect(rates!.gets! * rates!.seconds).toBeCloseTo(10)
  })

  it('may be no memcached at all', async () => {
    const server = await ScriptedServer.listen((_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n'))
    onTestFinished(() => server.close())
    expect(await poll(server.address).pollNow()).toMatchObject({
      kind: 'silent',
      problem: 'it answered HTTP/1.1 400: no memcached',
    })
  })

  it('may say nothing at all, or hang up', async () => {
    const mute = await ScriptedServer.listen()
    const rude = await ScriptedServer.listen((_, socket) => socket.destroy())
    onTestFinished(() => Promise.all([mute.close(), rude.close()]).then(() => {}))
    expect(await poll(mute.address, {timeoutMs: 50}).pollNow()).toMatchObject({problem: 'no answer within 50 ms'})
    expect(await poll(rude.address).pollNow()).toMatchObject({kind: 'silent'})
  })
})

describe('a node that is dead', () => {
  it('is left alone for longer and longer, and is silent at each turn', async () => {
    const node = asked('n1', {host: '127.0.0.1', port: await freePort()})
    let turns = 0
    const watch = new StatsWatch({
      nodes: [node],
      intervalMs: 10,
      onSample: (sample, inTurn) => {
        if (sample.kind === 'silent' && inTurn) turns++
      },
    })
    onTestFinished(() => watch.close())
    const startMs = performance.now()
    watch.start()
    const questions = () => node.traffic.counts().bytesRead / 'stats repbench\r\n'.length
    await waitFor(() => expect(questions()).toBe(3))
    // At once, after half a second, and after another whole one.
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(1500)
    expect(turns).toBeGreaterThan(3)
    await watch.pollNow()
    expect(questions()).toBe(4)
  })
})

describe('nodes that are killed, frozen and restarted', () => {
  it('are told from those that answer, hold up nobody, and are found again', async () => {
    const topology = await launchTopology({name: 'memcached', binPath})
    const other = await launchTopology({name: 'memcached', binPath})
    topologies.push(topology, other)
    const [node, healthy] = [topology.nodes[0]!, other.nodes[0]!]
    const samples = new Map<string, NodeSample>()
    const watch = new StatsWatch({
      nodes: [asked('n1', node.address), asked('n2', healthy.address)],
      timeoutMs: 200,
      windowMs: 20,
      intervalMs: 20,
      onSample: sample => samples.set(sample.node, sample),
    })
    onTestFinished(() => watch.close())
    watch.start()
    const see = (kind: NodeSample['kind']) => waitFor(() => expect(samples.get('n1')?.kind).toBe(kind))
    const healthyStillAnswers = async () => {
      const before = samples.get('n2')!.atMs
      await waitFor(() => expect(samples.get('n2')).toMatchObject({kind: 'answered'}))
      await waitFor(() => expect(samples.get('n2')!.atMs).toBeGreaterThan(before))
    }
    await see('answered')
    node.pause()
    await see('silent')
    await healthyStillAnswers()
    node.resume()
    await see('answered')
    await converse(node.address, 'get a\r\n'.repeat(100))
    await node.kill()
    // The first that is heard of it may be that its connection was cut.
    const refused = {kind: 'silent', problem: 'a refused connection: nothing listens there'}
    await waitFor(() => expect(samples.get('n1')).toMatchObject(refused))
    await healthyStillAnswers()
    await node.start()
    await waitFor(() => expect(samples.get('n1')).toMatchObject({kind: 'answered', figures: {counters: {gets: 0}}}))
    expect(samples.get('n1')).toMatchObject({rates: {gets: 0, operations: 0}})
  })
})
