import {afterEach, describe, expect, it, vi} from 'vitest'
import {NodesEffects} from '../../../../src/ui/screens/nodes/nodes-effects.js'
import type {NodesRequest} from '../../../../src/ui/screens/nodes/state/nodes-state.js'
import {FakeNode} from '../../helpers/fake-ports.js'
import {fakeServices, settled} from '../../helpers/fake-services.js'

afterEach(() => {
  vi.useRealTimers()
})

function withNode(given: Parameters<typeof fakeServices>[0] = {}) {
  const [other, node] = [new FakeNode('m1'), new FakeNode('s1')]
  const fakes = fakeServices({nodes: () => [other, node], ...given})
  return {...fakes, node, effects: new NodesEffects(fakes.services)}
}

describe('what is done to a node', () => {
  it.each([
    ['kill', 'kill', 'Killing s1'],
    ['terminate', 'stop', 'Terminating s1'],
  ] as const)('is shown while it is done: %s', async (type, method, activity) => {
    const {effects, node, actions, log} = withNode()
    const done = vi.spyOn(node, method)
    effects.carryOut({type, node: 's1'})
    expect(done).toHaveBeenCalledOnce()
    expect(actions).toEqual([{type: 'activity', activity}])
    await settled()
    expect(log).toEqual(['activity', 'tick', 'activity'])
    expect(actions.at(-1)).toEqual({type: 'activity', activity: null})
  })

  it.each(['restart', 'detach'] as const)('goes through the ports: %s', async type => {
    const done = vi.fn(async () => {})
    const {effects, node} = withNode({[type]: done})
    effects.carryOut({type, node: 's1'})
    await settled()
    expect(done).toHaveBeenCalledExactlyOnceWith(node)
  })

  it.each([
    ['freeze', 'pause'],
    ['thaw', 'resume'],
  ] as const)('is seen at once: %s', (type, method) => {
    const {effects, node, sampler} = withNode()
    const done = vi.spyOn(node, method)
    effects.carryOut({type, node: 's1'})
    expect(done).toHaveBeenCalledOnce()
    expect(sampler.tick).toHaveBeenCalledOnce()
  })

  it('says why it failed', async () => {
    const {effects, actions} = withNode({restart: async () => Promise.reject(new Error('port taken'))})
    effects.carryOut({type: 'restart', node: 's1'})
    await settled()
    expect(actions.at(-1)).toEqual({type: 'notice', notice: {tone: 'bad', text: 'Starting s1: port taken'}})
  })

  it('does nothing to a node that is gone', () => {
    const {services, actions} = fakeServices({nodes: () => []})
    for (const type of ['kill', 'terminate', 'restart', 'detach'] as const) {
      new NodesEffects(services).carryOut({type, node: 's1'})
    }
    expect(actions).toEqual([])
  })
})

describe('nodes', () => {
  it('are launched as the form says, with a word about what comes next', async () => {
    const launch = vi.fn(async () => {})
    const {effects, actions} = withNode({launch})
    effects.carryOut({type: 'launch', topology: 'pair', given: {memory: '9'}})
    await settled()
    expect(launch).toHaveBeenCalledExactlyOnceWith('pair', {memory: '9'})
    expect(actions).toEqual([
      {type: 'activity', activity: 'Launching pair'},
      {type: 'activity', activity: null},
      {type: 'notice', notice: {tone: 'ok', text: 'The pair is up: 3 types to it, 2 loads it'}},
    ])
  })

  it('say what was expected without a word before it, for there is one line', async () => {
    const {effects, actions} = withNode({launch: async () => Promise.reject(new Error('Expected a free port'))})
    effects.carryOut({type: 'launch', topology: 'mixed', given: {}})
    await settled()
    expect(actions.at(-1)).toMatchObject({notice: {tone: 'bad', text: 'Expected a free port'}})
  })

  it('are attached, and shown at once', () => {
    const attach = vi.fn()
    const {effects, sampler} = withNode({attach})
    const addresses = [{host: 'h', port: 1}]
    effects.carryOut({type: 'attach', addresses})
    expect(attach).toHaveBeenCalledExactlyOnceWith(addresses)
    expect(sampler.tick).toHaveBeenCalledOnce()
  })

  it('have their log watched', () => {
    const {effects, sampler} = withNode()
    effects.carryOut({type: 'watchLog', node: 's1'})
    expect(sampler.watchLog).toHaveBeenCalledExactlyOnceWith('s1')
  })
})

describe('slab classes', () => {
  const watch = (node: string | null): NodesRequest => ({type: 'watchSlabs', node})
  const read = (lines: readonly string[]) => ({type: 'nodes', event: {type: 'slabs', node: 's1', lines}})

  it('are read once a second, until nobody looks', async () => {
    vi.useFakeTimers()
    const slabs = vi.fn(async () => ['# table'])
    const {effects, actions} = withNode({slabs})
    effects.carryOut(watch('s1'))
    await vi.advanceTimersByTimeAsync(2500)
    expect(actions).toEqual([read(['# table']), read(['# table']), read(['# table'])])
    effects.carryOut(watch(null))
    await vi.advanceTimersByTimeAsync(2500)
    expect(slabs).toHaveBeenCalledTimes(3)
  })

  it('are read no more after the end', async () => {
    vi.useFakeTimers()
    const slabs = vi.fn(async () => [])
    const {effects} = withNode({slabs})
    effects.carryOut(watch('s1'))
    await vi.advanceTimersByTimeAsync(0)
    effects.close()
    await vi.advanceTimersByTimeAsync(2500)
    expect(slabs).toHaveBeenCalledOnce()
  })

  it('say so where the node does not answer', async () => {
    const {effects, actions} = withNode({slabs: async () => Promise.reject(new Error('refused'))})
    effects.carryOut(watch('s1'))
    await settled()
    effects.close()
    expect(actions).toEqual([read(['s1 does not answer: refused'])])
  })
})
