import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import type {NodeEvent} from '../../../src/server/node-api/node-event.js'
import type {NodeSample} from '../../../src/server/stats/node-sample.js'
import type {Sample} from '../../../src/ui/core/action.js'
import type {UiPorts} from '../../../src/ui/ports/ui-ports.js'
import {Sampler} from '../../../src/ui/shell/sampler.js'
import {answeredSample, silentSample} from '../../helpers/node-samples.js'
import {nodeEvent, snapshot} from '../helpers/fake-nodes.js'
import {FakeNode} from '../helpers/fake-ports.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function sampling(nodes: FakeNode[]) {
  const samples: Sample[] = []
  const listeners = new Set<(event: NodeEvent) => void>()
  const pollers = new Set<Parameters<UiPorts['onNodeSample']>[0]>()
  const ports = {
    nodes: () => nodes,
    pairs: () => [],
    onNodeEvent(listener: (event: NodeEvent) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onNodeSample(listener) {
      pollers.add(listener)
      return () => pollers.delete(listener)
    },
  } satisfies Partial<UiPorts>
  const sampler = new Sampler({ports: ports as unknown as UiPorts, fps: 5, onSample: sample => samples.push(sample)})
  sampler.start()
  const polled = (node: FakeNode, sample: NodeSample) => pollers.forEach(listener => void listener(node, sample))
  return {samples, sampler, listeners, pollers, polled}
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

  it('shows what the polls of a node found, and keeps views that did not change', async () => {
    const node = new FakeNode('m1')
    const {samples, sampler, pollers, polled} = sampling([node])
    for (let second = 0; second < 3; second++) {
      polled(node, answeredSample('m1', {stats: {curr_items: 7}}))
      await vi.advanceTimersByTimeAsync(1000)
    }
    sampler.stop()
    expect(pollers.size).toBe(0)
    const views = samples.map(({nodes}) => nodes)
    expect(new Set(views).size).toBe(3)
    expect(samples.at(-1)?.nodes[0]?.poll.latest?.figures.items).toBe(7)
  })

  it('tells a node that is silent from one that is dead', async () => {
    const slow = new FakeNode('m1')
    const dead = new FakeNode('s1', {state: 'dead'})
    const {samples, sampler, polled} = sampling([slow, dead])
    for (const node of [slow, dead]) polled(node, silentSample(node.name))
    sampler.tick()
    sampler.stop()
    expect(samples.at(-1)?.nodes.map(({poll}) => poll.answers)).toEqual([false, true])
  })
})
