import {describe, expect, it, onTestFinished} from 'vitest'
import {LinkProbe} from '../../../src/engine/lag/link-probe.js'
import type {Address} from '../../../src/protocol/address.js'
import type {NodeEvent} from '../../../src/server/node-api/node-event.js'
import {LinkWatch, type LinkWatchOptions} from '../../../src/server/observe/link-watch.js'
import {launchTopology} from '../../../src/server/topology/topology.js'
import {extras32, request} from '../../helpers/binary.js'
import {converse} from '../../helpers/converse.js'
import {type ProxiedPair, startProxiedPair} from '../../helpers/proxied-pair.js'
import {binPath} from '../../helpers/run-repbench.js'
import {waitFor} from '../../helpers/wait-for.js'

const BINARY_SET = 0x01

interface Watched {
  readonly watch: LinkWatch
  readonly events: readonly NodeEvent[]
  /** Resolves after so many samples of both nodes more. */
  samples(count: number): Promise<void>
}

async function watched(
  {master, slave}: Pick<ProxiedPair, 'master' | 'slave'>,
  options: Partial<LinkWatchOptions> = {},
): Promise<Watched> {
  const events: NodeEvent[] = []
  let seen = 0
  const watch = new LinkWatch({
    nodes: [
      {name: 'm1', address: master},
      {name: 's1', address: slave},
    ],
    makeProbe: probe => new LinkProbe(probe),
    windowMs: 200,
    onSample: () => {
      seen++
    },
    ...options,
  })
  onTestFinished(() => watch.close())
  watch.onEvent(event => events.push(event))
  watch.start()
  await waitFor(() => expect(watch.truth.verdict).toBe('paired'))
  const samples = (count: number) => {
    const until = seen + 2 * count
    return waitFor(() => expect(seen).toBeGreaterThanOrEqual(until))
  }
  return {watch, events, samples}
}

async function store(address: Address, keys: readonly string[], {exptime = 0, value = 'v'} = {}): Promise<void> {
  await converse(address, ...keys.map(key => `set ${key} 0 ${exptime} ${value.length}\r\n${value}\r\n`))
}

const keysOf = (prefix: string, count: number) => Array.from({length: count}, (_, index) => `${prefix}${index}`)

/** Writes of keys that begin with `lost` never arrive. */
const forgetful = {behaviour: {dropsKey: (key: string) => key.startsWith('lost')}}

describe('the nodes of a link that is well', () => {
  it('part where writes of clients do not cross, though those of repbench do', async () => {
    const pair = await startProxiedPair(forgetful)
    const {watch, events} = await watched(pair)
    await store(pair.master, [...keysOf('lost', 50), ...keysOf('kept', 30)])
    await waitFor(() => expect(watch.truth.parting).not.toBeNull())
    expect(watch.truth.verdict).toBe('paired')
    expect(watch.truth.parting).toMatchObject({
      looked: 80,
      found: {onlyOnFirst: 50, onlyOnSecond: 0, different: 0},
      text: expect.stringMatching(/^the nodes part: \d+ and \d+ items$/),
    })
    expect(events.map(({kind}) => kind)).toEqual(['parting'])
    expect(events[0]!.text).toMatch(
      /^paired, but the nodes part: .*of 80 keys looked at 50 are on m1 only.*repbench diff/,
    )
  })

  it('part where values differ, though they count the same items', async () => {
    const lost = new Set<string>()
    const pair = await startProxiedPair({behaviour: {dropsKey: key => lost.has(key)}})
    await store(pair.slave, keysOf('k', 20))
    const {watch, samples} = await watched(pair)
    await samples(2)
    for (const key of keysOf('k', 5)) lost.add(key)
    await store(pair.master, keysOf('k', 20), {value: 'w'})
    await waitFor(() => expect(watch.truth.parting?.found).toEqual({onlyOnFirst: 0, onlyOnSecond: 0, different: 5}))
  })

  it('part without a write of ours, once nothing is stored any more', async () => {
    const pair = await startProxiedPair(forgetful)
    const {watch} = await watched(pair, {makeProbe: null})
    await store(pair.master, keysOf('lost', 4))
    await waitFor(() => expect(watch.truth.parting?.found.onlyOnFirst).toBe(4))
    expect(await converse(pair.slave, 'stats\r\n')).toContain('STAT cmd_set 0\r\n')
  })

  it('part where one takes only smaller values', async () => {
    const pair = await startProxiedPair({slaveSettings: {itemMaxBytes: 4096}})
    const {watch} = await watched(pair)
    await store(pair.master, keysOf('big', 10), {value: 'x'.repeat(20_000)})
    await waitFor(() => expect(watch.truth.parting?.found.onlyOnFirst).toBe(10))
  })

  it('do not part while writes are on their way', async () => {
    const pair = await startProxiedPair({behaviour: {delayMs: 150}})
    const {watch, events, samples} = await watched(pair)
    let writing = true
    const load = (async () => {
      for (let round = 0; writing; round++) await store(pair.master, keysOf(`r${round}-`, 20))
    })()
    await samples(12)
    writing = false
    await load
    await samples(3)
    await watch.settleParting()
    expect([watch.truth.parting, events]).toEqual([null, []])
  })

  it('do not part by commands that they count differently', async () => {
    const pair = await startProxiedPair()
    await store(pair.master, ['n'], {value: '1'})
    const {watch, samples} = await watched(pair)
    await samples(2)
    await converse(pair.master, 'incr n 1\r\ntouch n 1000\r\n'.repeat(50))
    await samples(4)
    await watch.settleParting()
    expect(watch.truth.parting).toBeNull()
  })

  it('part no longer when the difference is gone', async () => {
    const pair = await startProxiedPair(forgetful)
    const {watch} = await watched(pair)
    await store(pair.master, keysOf('lost', 5))
    await waitFor(() => expect(watch.truth.parting).not.toBeNull())
    await converse(
      pair.master,
      keysOf('lost', 5)
        .map(key => `delete ${key}\r\n`)
        .join(''),
    )
    await waitFor(() => expect(watch.truth.parting).toBeNull())
  })
})

describe.skipIf(!process.env.REPCACHED_BIN)('the nodes of a real repcached pair (REPCACHED_BIN)', () => {
  async function launched(): Promise<Pick<ProxiedPair, 'master' | 'slave'>> {
    const topology = await launchTopology({name: 'repcached', binPath})
    onTestFinished(() => topology.close())
    return {master: topology.nodes[0]!.address, slave: topology.nodes[1]!.address}
  }

  it('part by writes of the binary protocol, which do not cross', async () => {
    const pair = await launched()
    const {watch} = await watched(pair)
    const set = (key: string) => request({opcode: BINARY_SET, key, extras: extras32(0, 0), value: 'v'})
    await converse(pair.master, Buffer.concat(keysOf('bin', 50).map(set)))
    await waitFor(() => expect(watch.truth.parting?.found).toEqual({onlyOnFirst: 50, onlyOnSecond: 0, different: 0}))
  })

  it('do not part by items that each removes when it likes after they have expired', async () => {
    const pair = await launched()
    const {watch, events, samples} = await watched(pair)
    await store(pair.master, keysOf('short', 50), {exptime: 1})
    const itemsOf = async (address: Address) =>
      Number(/curr_items (\d+)/.exec(await converse(address, 'stats\r\n'))![1])
    // Only the master is made to find out that they are gone.
    await waitFor(async () => {
      await converse(pair.master, `get ${keysOf('short', 50).join(' ')}\r\n`)
      expect((await itemsOf(pair.slave)) - (await itemsOf(pair.master))).toBeGreaterThan(40)
    })
    await samples(6)
    await watch.settleParting()
    expect([watch.truth.parting, events]).toEqual([null, []])
  })
})
