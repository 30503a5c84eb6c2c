import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import type {NodeEvent} from '../../../src/server/node-api/node-event.js'
import type {Sample} from '../../../src/ui/core/action.js'
import type {UiPorts} from '../../../src/ui/ports/ui-ports.js'
import {Sampler} from '../../../src/ui/shell/sampler.js'
import {nodeEvent, snapshot} from '../helpers/fake-nodes.js'
import {FakeNode, fakeAnswer} from '../helpers/fake-ports.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function sampling(nodes: FakeNode[]) {
  const samples: Sample[] = []
  const listeners = new Set<(event: NodeEvent) => void>()
  const ports = {
    ownCounts: () => null,
    ask: fakeAnswer,
    nodes: () => nodes,
    pairs: () => [],
    onNodeEvent(listener: (event: NodeEvent) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } satisfies Partial<UiPorts>
  const sampler = new Sampler({ports: ports as unknown as UiPorts, fps: 5, onSample: sample => samples.push(sample)})
  sampler.start()
  return {samples, sampler, listeners}
}

describe('the sampler', () => {
  it('gives one sample a tick, with all that happened in between', async () => {
    const {samples, sampler, listeners} = sampling([])
    for (const listener of listeners) {
      listener(nodeEvent('started', 'a'))
      listener(nodeEvent('ready', 'b'))
    }
    sampler.addSnapshot(snapshot(0.2))
    await vi.advanceTimersByTimeAsync(400)
    expect(samples.map(({events, snapshots}) => [events.length, snapshots.length])).toEqual([
      [2, 1],
      [0, 0],
    ])
    sampler.stop()
    expect(listeners.size).toBe(0)
  })

  it('asks each node that is up once a second, and keeps views that did not change', async () => {
    const node = new FakeNode('m1')
    const {samples, sampler} = sampling([node])
    await vi.advanceTimersByTimeAsync(3000)
    sampler.stop()
    expect(node.asked).toBeGreaterThanOrEqual(3)
    expect(node.asked).toBeLessThanOrEqual(4)
    const views = samples.map(({nodes}) => nodes)
    expect(new Set(views).size).toBeLessThan(views.length)
    expect(samples.at(-1)?.nodes[0]?.poll.latest?.items).toBe(7)
  })

  it('neither asks a node that is slow again, nor one that is dead', async () => {
    const slow = new FakeNode('m1', {answers: false})
    const dead = new FakeNode('s1', {state: 'dead'})
    const {samples, sampler} = sampling([slow, dead])
    await vi.advanceTimersByTimeAsync(3000)
    sampler.stop()
    expect([slow.asked, dead.asked]).toEqual([1, 0])
    slow.fail()
    await vi.advanceTimersByTimeAsync(0)
    sampler.tick()
    expect(samples.at(-1)?.nodes.map(({poll}) => poll.answers)).toEqual([false, true])
  })
})
