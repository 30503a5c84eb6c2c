import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest'
import {askStats} from '../../../src/ask/ask-stats.js'
import type {ClusterNode} from '../../../src/server/node-api/cluster-node.js'
import {launchTopology, type Topology} from '../../../src/server/topology/topology.js'
import {makeVerifyPlan, type VerifyPlan, type VerifyStep} from '../../../src/telnet/verify/plan.js'
import {runVerify, type VerifyOptions} from '../../../src/telnet/verify/run-verify.js'
import {startMemcached} from '../../helpers/memcached.js'
import {binPath} from '../../helpers/run-repbench.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'

const setStep: VerifyStep = {
  name: 'set a',
  writer: 'first',
  before: {send: 'get a\r\n', expect: 'END\r\n'},
  writes: [{send: 'set a 0 0 1\r\nx\r\n', expect: 'STORED\r\n'}],
  seen: {send: 'get a\r\n', expect: 'VALUE a 0 1\r\nx\r\nEND\r\n'},
}

function planOf(...steps: VerifyStep[]): VerifyPlan {
  return {tracks: [steps], finale: [], keys: ['a']}
}

const common = {
  // Also for a reply: one that comes late would be another failure.
  waitLimitMs: 1000,
  mayFlush: true,
  signal: new AbortController().signal,
  onStep: () => {},
} satisfies Partial<VerifyOptions>

describe('runVerify with native nodes', () => {
  let topologies: Topology[]
  let alone: ClusterNode
  let other: ClusterNode

  beforeAll(async () => {
    topologies = await Promise.all([
      launchTopology({name: 'memcached', binPath}),
      launchTopology({name: 'memcached', binPath}),
    ])
    alone = topologies[0]!.nodes[0]!
    other = topologies[1]!.nodes[0]!
  })
  afterAll(() => Promise.all(topologies.map(topology => topology.close())))

  it('passes every step where both sides are one store', async () => {
    const heard: string[] = []
    const results = await runVerify({
      ...common,
      waitLimitMs: 60_000,
      plan: makeVerifyPlan(),
      first: {name: 'a', address: alone.address},
      second: {name: 'b', address: alone.address},
      onStep: ({step}) => heard.push(step),
    })
    expect(results.filter(({verdict}) => verdict !== 'pass')).toEqual([])
    expect(results.map(({step}) => step)).toEqual(heard)
    expect(results.find(({step}) => step === 'expiry')?.goneAfterMs).toBeGreaterThan(0)
    expect(results.every(({lagUs}) => lagUs !== null && lagUs >= 0)).toBe(true)
  })

  it('fails both directions where nothing replicates, and tries the rest no more', async () => {
    const results = await runVerify({
      ...common,
      plan: makeVerifyPlan({prefix: 'apart:'}),
      first: {name: 'a', address: alone.address},
      second: {name: 'b', address: other.address},
    })
    const failed = results.filter(({verdict}) => verdict === 'fail').map(({step, from}) => `${step} on ${from}`)
    expect(failed.sort()).toEqual(['expiry on a', 'expiry on b', 'set key1 on a', 'set key2 on b'])
    expect(results.some(({verdict}) => verdict === 'pass')).toBe(false)
    expect(results.find(({step}) => step === 'set key1')).toMatchObject({
      lagUs: null,
      reason: "expected VALUE apart:key1 0 3 for 'get apart:key1' within 1000 ms, got END",
    })
  })

  it('leaves running nodes as they were: no flush, no keys of its own', async () => {
    // One of its own: what other tests wrote may expire meanwhile.
    const {address} = await startMemcached()
    const before = await askStats(address)
    const results = await runVerify({
      ...common,
      plan: makeVerifyPlan({prefix: 'guest:'}),
      first: {name: 'a', address: address},
      second: {name: 'b', address: address},
      mayFlush: false,
    })
    expect(results.filter(({verdict}) => verdict === 'skipped').map(({step}) => step)).toEqual([
      'flush_all',
      'flush_all',
    ])
    const after = await askStats(address)
    for (const name of ['curr_items', 'cmd_flush']) expect(after.get(name)).toBe(before.get(name))
  })
})

describe('runVerify with nodes that misbehave', () => {
  const servers: ScriptedServer[] = []

  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()))
  })

  async function node(name: string, onData: Parameters<typeof ScriptedServer.listen>[0]) {
    const server = await ScriptedServer.listen(onData)
    servers.push(server)
    return {name, address: server.address}
  }

  it('waits until the other node has seen the write', async () => {
    let asked = 0
    const first = await node('a', (_, socket) => void socket.write('STORED\r\n'))
    const second = await node('b', (_, socket) => {
      asked++
      socket.write(asked > 5 ? 'VALUE a 0 1\r\nx\r\nEND\r\n' : 'END\r\n')
    })
    const [result] = await runVerify({...common, waitLimitMs: 60_000, plan: planOf(setStep), first, second})
    expect(result).toMatchObject({verdict: 'pass', from: 'a', to: 'b', reason: null})
    expect(asked).toBe(6)
  })

  it('reports a write that is refused', async () => {
    const first = await node('a', (_, socket) => void socket.write('SERVER_ERROR out of memory storing object\r\n'))
    const second = await node('b', (_, socket) => void socket.write('END\r\n'))
    const [result] = await runVerify({...common, plan: planOf(setStep), first, second})
    expect(result).toMatchObject({
      verdict: 'fail',
      reason: "expected STORED for 'set a 0 0 1', got SERVER_ERROR out of memory storing object",
    })
  })

  it('reports a node that falls silent, and one that goes away', async () => {
    const first = await node('a', () => {})
    const second = await node('b', (_, socket) => void socket.write('END\r\n'))
    const [silent] = await runVerify({...common, plan: planOf(setStep), first, second})
    expect(silent?.reason).toContain('got no reply within 1000 ms')
    const gone = await node('c', (_, socket) => void socket.destroy())
    const results = await runVerify({...common, plan: planOf(setStep, setStep), first: gone, second})
    expect(results.map(({reason}) => reason)).toEqual(
      Array(2).fill(expect.stringContaining('got a connection closed without a word')),
    )
  })

  it('throws when a node is not there at the start', async () => {
    const first = await node('a', () => {})
    const second = await node('b', () => {})
    await servers.pop()?.close()
    await expect(runVerify({...common, plan: planOf(setStep), first, second})).rejects.toMatchObject({
      code: 'ERR_ASK_REFUSED',
    })
  })

  it('stops when told to', async () => {
    const first = await node('a', (_, socket) => void socket.write('STORED\r\n'))
    const second = await node('b', (_, socket) => void socket.write('END\r\n'))
    const signal = AbortSignal.timeout(50)
    await expect(
      runVerify({...common, waitLimitMs: 60_000, plan: planOf(setStep), first, second, signal}),
    ).rejects.toThrow()
  })
})
