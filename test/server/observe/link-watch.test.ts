import {afterEach, describe, expect, it, onTestFinished} from 'vitest'
import {LinkProbe} from '../../../src/engine/lag/link-probe.js'
import type {Address} from '../../../src/protocol/address.js'
import type {NodeEvent} from '../../../src/server/node-api/node-event.js'
import type {LagSample, ProbeEvidence, ProbePairOptions} from '../../../src/server/node-api/pair-probe.js'
import type {WatchedNode} from '../../../src/server/observe/link-end.js'
import {LinkWatch, type LinkWatchOptions} from '../../../src/server/observe/link-watch.js'
import {launchTopology, type Topology} from '../../../src/server/topology/topology.js'
import {startCapturingProxy} from '../../helpers/capturing-proxy.js'
import {converse} from '../../helpers/converse.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startLinkedPair} from '../../helpers/linked-pair.js'
import {startMemcached} from '../../helpers/memcached.js'
import {binPath} from '../../helpers/run-repbench.js'
import {waitFor} from '../../helpers/wait-for.js'

const topologies: Topology[] = []

const makeProbe = (options: ProbePairOptions) => new LinkProbe(options)

afterEach(async () => {
  await Promise.all(topologies.splice(0).map(topology => topology.close()))
})

interface Watched {
  readonly watch: LinkWatch
  readonly events: readonly NodeEvent[]
  readonly lags: readonly LagSample[]
  /** Waits for a verdict. */
  see(verdict: LinkWatch['truth']['verdict']): Promise<void>
}

function observe(nodes: readonly WatchedNode[], options: Partial<LinkWatchOptions> = {}): Watched {
  const [first, second] = nodes
  const lags: LagSample[] = []
  const events: NodeEvent[] = []
  const watch = new LinkWatch({nodes: [first!, second!], makeProbe, onLag: sample => lags.push(sample), ...options})
  watch.onEvent(event => events.push(event))
  onTestFinished(() => watch.close())
  watch.start()
  const see = (verdict: LinkWatch['truth']['verdict']) => waitFor(() => expect(watch.truth.verdict).toBe(verdict))
  return {watch, events, lags, see}
}

function named(...addresses: Address[]): WatchedNode[] {
  return addresses.map((address, index) => ({name: index === 0 ? 'm1' : 's1', address}))
}

describe('servers that are known by their addresses only', () => {
  it('replicate both ways: lag of each, no event, nothing left behind', async () => {
    const {master, slave} = await startLinkedPair()
    const {watch, events, lags, see} = observe(named(master, slave))
    await see('paired')
    await waitFor(() => {
      expect(new Set(lags.map(({from, to}) => `${from} ${to}`))).toEqual(new Set(['m1 s1', 's1 m1']))
      expect(watch.truth.why).toBe('writes cross both ways')
    })
    for (const {lagUs, resolutionUs} of lags) expect([lagUs >= 0, resolutionUs >= 0]).toEqual([true, true])
    expect(events).toEqual([])
    await watch.close()
    for (const address of [master, slave]) {
      await waitFor(async () => expect(await converse(address, 'stats\r\n')).toContain('STAT curr_items 0\r\n'))
    }
  })

  it('have lost their link: the loudest event, once', async () => {
    const {master, slave, cut} = await startLinkedPair()
    const {events, see, watch} = observe(named(master, slave))
    await see('paired')
    cut()
    await see('unpaired-but-serving')
    expect(watch.truth.why).toContain('waits for a peer to connect')
    expect(events).toMatchObject([{kind: 'diverging', node: 'm1+s1'}])
    expect(events[0]!.text).toMatch(/^BOTH NODES ANSWER AND NOTHING REPLICATES: /)
  })

  it('hold a link that lets nothing through: only a probe write can tell', async () => {
    const {master, slave, hold, release} = await startLinkedPair()
    const {events, see, watch} = observe(named(master, slave))
    await see('paired')
    hold()
    await see('unpaired-but-serving')
    expect(watch.truth.why).toMatch(/^writes have not crossed .* for \d\.\d s/)
    release()
    await see('paired')
    expect(events.map(({kind}) => kind)).toEqual(['diverging', 'replicating'])
  })

  it('are judged by their words alone without probe writes', async () => {
    const {master, slave, cut} = await startLinkedPair()
    const {see, lags} = observe(named(master, slave), {makeProbe: null})
    await see('paired')
    cut()
    await see('unpaired-but-serving')
    expect(lags).toEqual([])
    expect(await converse(master, 'stats\r\n')).toContain('STAT cmd_set 0\r\n')
  })

  it('say that they are linked, and take no probe write: that is in doubt, and told', async () => {
    const {master, slave} = await startLinkedPair()
    const problem = 'm1 answers SERVER_ERROR to a probe write'
    const failing: ProbeEvidence = {crossedAtMs: null, missing: null, problem}
    const makeProbe = () => ({evidence: [failing, failing] as const, start() {}, async close() {}})
    const {watch, events} = observe(named(master, slave), {makeProbe})
    await waitFor(() =>
      expect(watch.truth.why).toMatch(/^linked, not proven: .*but the probe write failed: m1 answers/),
    )
    expect(watch.truth).toMatchObject({verdict: 'unknown', proven: false})
    await waitFor(() => expect(events.map(({kind}) => kind)).toEqual(['unproven']))
    expect(events[0]!.text).toContain('linked, not proven')
  })

  it('are no pair', async () => {
    const {address} = await startMemcached()
    const other = await startEmbedded()
    const {see, watch} = observe(named(address, other.address))
    await see('unpaired-but-serving')
    expect(watch.truth.why).toContain('is a memcached without replication')
  })
})

describe('nodes that repbench supervises', () => {
  it.each(['by their logs', 'by their addresses'])('are followed %s through kill, restart and freeze', async by => {
    const topology = await launchTopology({name: 'pair', binPath})
    topologies.push(topology)
    const slave = topology.nodes[1]!
    const nodes = by === 'by their logs' ? topology.nodes : topology.nodes.map(({name, address}) => ({name, address}))
    const {events, see, watch} = observe(nodes)
    await see('paired')
    await slave.kill()
    await see('listening')
    expect(watch.truth.why).toContain('started again, s1 will join it')
    await slave.start()
    await see('paired')
    slave.pause()
    await see('unknown')
    expect(watch.truth.why).toBe('s1 does not answer, but m1 still holds its link to it (frozen, or too busy?)')
    slave.resume()
    await see('paired')
    expect(events.map(({kind}) => kind)).not.toContain('diverging')
    if (by === 'by their logs') expect(events).toEqual([])
  })

  it('whose fate nobody has told of, is an event of the pair, and so is that it replicates again', async () => {
    const topology = await launchTopology({name: 'pair', binPath})
    topologies.push(topology)
    const [master, slave] = topology.nodes
    const {events, see} = observe(named(master!.address, slave!.address))
    // A busy machine may make doubts of its own: what counts is what is told last.
    const hear = (kind: NodeEvent['kind']) => waitFor(() => expect(events.at(-1)?.kind).toBe(kind))
    const textOf = (kind: NodeEvent['kind']) => events.findLast(event => event.kind === kind)?.text
    await see('paired')
    slave!.pause()
    await hear('unproven')
    expect(textOf('unproven')).toBe('s1 does not answer, but m1 still holds its link to it (frozen, or too busy?)')
    slave!.resume()
    await hear('replicating')
    expect(textOf('replicating')).toBe('the nodes replicate again (writes cross both ways)')
    await slave!.kill()
    await hear('alone')
    expect(textOf('alone')).toMatch(/^s1 does not answer; m1 waits for a peer to connect/)
    await slave!.start()
    await hear('replicating')
    expect(events.map(({kind}) => kind)).not.toContain('diverging')
  })
})

/** Questions that are asked at once when something is new, five times two. */
const AT_ONCE = 10

describe('a pair of which one node is dead', () => {
  it.each([
    ['embedded', true],
    ['embedded', false],
    ...(process.env.REPCACHED_BIN ? ([['repcached', true]] as const) : []),
  ] as const)('asks the other (%s, probe writes: %s) twice a second at most', async (backend, probe) => {
    const topology = await launchTopology({name: backend === 'embedded' ? 'pair' : 'repcached', binPath})
    topologies.push(topology)
    const [master, slave] = topology.nodes
    const {address, received} = await startCapturingProxy(master!.address)
    const {see} = observe(named(address, slave!.address), probe ? {} : {makeProbe: null})
    await see('paired')
    await slave!.kill()
    await see('listening')
    const questions = () =>
      received()
        .toString('latin1')
        .match(/^stats\b/gm)?.length ?? 0
    const before = {questions: questions(), atMs: performance.now()}
    // As long as it takes to be asked so often; it was 17 to 26 times a second when each judgement began anew.
    await waitFor(() => expect(questions() - before.questions).toBeGreaterThan(AT_ONCE + 6))
    const seconds = (performance.now() - before.atMs) / 1000
    expect(questions() - before.questions).toBeLessThanOrEqual(AT_ONCE + 2 * (seconds + 1))
  })
})

describe.skipIf(!process.env.REPCACHED_BIN)('a real repcached pair (REPCACHED_BIN)', () => {
  it.each([true, false])('tells by curr_connections what it does not say (probe writes: %s)', async probe => {
    const topology = await launchTopology({name: 'repcached', binPath})
    topologies.push(topology)
    const [master, slave] = topology.nodes
    const {events, see, watch} = observe(named(master!.address, slave!.address), probe ? {} : {makeProbe: null})
    await see('paired')
    // A frozen slave takes nothing: the queue of its master overflows, and the link is dropped.
    slave!.pause()
    await converse(master!.address, ...Array.from({length: 40}, (_, part) => burst(part)))
    slave!.resume()
    await see('unpaired-but-serving')
    expect(watch.truth.why).toMatch(/curr_connections|have not crossed/)
    expect(events.map(({kind}) => kind)).toEqual(['diverging'])
    await slave!.stop()
    await see('listening')
    await slave!.start()
    await see('paired')
    expect(events.map(({kind}) => kind).filter(kind => kind !== 'alone')).toEqual(['diverging', 'replicating'])
  })
})

function burst(part: number): string {
  return Array.from({length: 1000}, (_, index) => `set b${part}-${index} 0 0 500\r\n${'x'.repeat(500)}\r\n`).join('')
}
