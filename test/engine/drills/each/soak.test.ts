import {expect, test} from 'vitest'
import {Random} from '../../../../src/engine/data/random.js'
import type {DrillTools, SoakFault} from '../../../../src/engine/drills/contract/drill.js'
import {drawFaults, soak, soakFaults} from '../../../../src/engine/drills/each/soak.js'
import {FakeClusterNode} from '../../../helpers/fake-node.js'

function draw(seed: number, count: number) {
  const {next} = new Random({seed, stream: 7})
  const names = soakFaults({link: null}).map(({name}) => name)
  const drawn = drawFaults({names, holdMs: 2000, random: next})
  return Array.from({length: count}, () => drawn.next().value)
}

test('the same seed draws the same faults and pauses, another seed others', () => {
  expect(draw(7, 50)).toEqual(draw(7, 50))
  expect(draw(7, 50)).not.toEqual(draw(8, 50))
  expect(draw(7, 5)).toEqual(draw(7, 50).slice(0, 5))
})

test('every kind of fault is drawn, and none lasts as long as a call may', () => {
  const drawn = draw(1, 200)
  expect(new Set(drawn.map(({fault}) => fault))).toEqual(new Set(soakFaults({link: null}).map(({name}) => name)))
  for (const {holdMs} of drawn) expect(holdMs).toBeLessThan(1000)
})

interface FakeChanges extends Pick<Partial<DrillTools>, 'extent' | 'signal'> {
  readonly brokenBy?: number
  readonly sleep?: () => Promise<void>
}

/** A pair whose faults do nothing; it recovers from all but one of them. */
function fakeTools({brokenBy, sleep = async () => {}, ...changes}: FakeChanges) {
  const recorded: SoakFault[] = []
  const link = {cut() {}, slow() {}, restore() {}}
  const cluster = {
    topology: 'fake',
    master: new FakeClusterNode('m1'),
    slave: new FakeClusterNode('s1'),
    resilient: true,
    link,
    startThird: async () => new FakeClusterNode('t1'),
  }
  const tools: DrillTools = {
    cluster,
    clock: {holdMs: 2000, now: () => 1, sleep, until: async () => true, mark() {}},
    journal: {say() {}, record: fault => void recorded.push(fault), wrote() {}},
    watch: {
      sawEvent: () => false,
      untilRecovered: async () => (recorded.length + 1 === brokenBy ? null : 5),
      worstLagMs: () => 0,
    },
    extent: {durationMs: null, faults: null},
    random: new Random({seed: 1, stream: 7}).next,
    signal: new AbortController().signal,
    burst: async () => true,
    ...changes,
  }
  return {tools, recorded}
}

test('so many faults as the operator wants', async () => {
  const {tools, recorded} = fakeTools({extent: {durationMs: null, faults: 12}})
  await soak.fault(tools)
  expect(recorded.map(({number}) => number)).toEqual(Array.from({length: 12}, (_, index) => index + 1))
  expect(recorded.every(({wholeAfterMs, problem}) => wholeAfterMs === 5 && problem === null)).toBe(true)
})

test('it ends with the fault from which the pair does not recover', async () => {
  const {tools, recorded} = fakeTools({extent: {durationMs: 60_000, faults: null}, brokenBy: 3})
  await soak.fault(tools)
  expect(recorded).toHaveLength(3)
  expect(recorded.at(-1)).toMatchObject({number: 3, wholeAfterMs: null})
})

test('a node that does not start again is such a fault', async () => {
  const {tools, recorded} = fakeTools({extent: {durationMs: 60_000, faults: null}})
  for (const node of [tools.cluster.master, tools.cluster.slave]) {
    node.start = async () => {
      throw new Error('no start')
    }
  }
  await soak.fault(tools)
  expect(recorded.at(-1)).toMatchObject({wholeAfterMs: null, problem: 'no start'})
})

test('an interrupt ends it', async () => {
  const stopping = new AbortController()
  const {tools} = fakeTools({
    signal: stopping.signal,
    extent: {durationMs: 60_000, faults: null},
    sleep: async () => {
      stopping.abort()
      stopping.signal.throwIfAborted()
    },
  })
  await expect(soak.fault(tools)).rejects.toThrow('aborted')
})
