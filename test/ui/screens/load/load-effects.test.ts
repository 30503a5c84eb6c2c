import {describe, expect, it, vi} from 'vitest'
import type {UiRunRequest, UiRunResult} from '../../../../src/ui/ports/run-port.js'
import {LoadEffects} from '../../../../src/ui/screens/load/load-effects.js'
import type {LoadRequest} from '../../../../src/ui/screens/load/state/load-state.js'
import {snapshot} from '../../helpers/fake-nodes.js'
import {FakeNode} from '../../helpers/fake-ports.js'
import {fakeProfile} from '../../helpers/fake-profile.js'
import {fakeServices, settled} from '../../helpers/fake-services.js'

const start: LoadRequest = {type: 'start', profile: 'seed', given: {rate: '9'}, node: 's1', lagProbe: true}
const result: UiRunResult = {report: 'report', savedAs: null, comparison: null, verdict: 'pass'}
const notice = (text: string) => ({type: 'notice', notice: {tone: 'bad', text}})

function running() {
  const finished = Promise.withResolvers<UiRunResult>()
  const run = {stop: vi.fn(), changeRate: vi.fn((rate: number) => rate > 0), finished: finished.promise}
  const startRun = vi.fn<(request: UiRunRequest) => typeof run>(() => run)
  const nodes = [new FakeNode('m1'), new FakeNode('s1')]
  const fakes = fakeServices({nodes: () => nodes, startRun})
  const effects = new LoadEffects(fakes.services)
  effects.carryOut(start)
  return {...fakes, effects, run, finished, nodes, request: startRun.mock.calls[0]![0]}
}

describe('a load run', () => {
  it('is started against the node that was chosen, as it is asked for', () => {
    const {request, nodes} = running()
    expect(request).toMatchObject({profile: 'seed', given: {rate: '9'}, lagProbe: true, both: false})
    expect(request.node).toBe(nodes[1])
  })

  it('is not started against a node that is gone', () => {
    const {services} = fakeServices({nodes: () => []})
    expect(() => new LoadEffects(services).carryOut(start)).not.toThrow()
  })

  it('hands its snapshots to the sampler', () => {
    const {request, sampler} = running()
    const sent = snapshot(1)
    request.onSnapshot(sent)
    expect(sampler.addSnapshot).toHaveBeenCalledExactlyOnceWith(sent)
  })

  it('has what it sent last in the picture before the next round, and before its end', async () => {
    const {request, log, actions, finished} = running()
    request.onRound?.({round: 2, of: 3})
    finished.resolve(result)
    await settled()
    expect(log).toEqual(['tick', 'load round', 'tick', 'load ended'])
    expect(actions.at(-1)).toEqual({type: 'load', event: {type: 'ended', result}})
  })

  it('says why it failed', async () => {
    const {actions, finished} = running()
    finished.reject(new Error('no route'))
    await settled()
    expect(actions).toEqual([{type: 'load', event: {type: 'failed', error: 'no route'}}])
  })

  it('is stopped, and waited for at the end', async () => {
    const {effects, run, finished} = running()
    effects.carryOut({type: 'stop'})
    expect(run.stop).toHaveBeenCalledOnce()
    const ended = effects.finish()
    let isOver = false
    void ended.then(() => {
      isOver = true
    })
    await settled()
    expect(isOver).toBe(false)
    finished.reject(new Error('stopped'))
    await ended
  })

  it('changes its rate; that is refused without a rate, and without a run', async () => {
    const {effects, run, actions, finished} = running()
    const refused = {type: 'load', event: {type: 'rateRefused'}}
    effects.carryOut({type: 'rate', ratePerSecond: 500})
    expect(run.changeRate).toHaveBeenCalledExactlyOnceWith(500)
    expect(actions).toEqual([])
    effects.carryOut({type: 'rate', ratePerSecond: 0})
    expect(actions).toEqual([refused])
    finished.resolve(result)
    await settled()
    effects.carryOut({type: 'rate', ratePerSecond: 500})
    expect(actions.at(-1)).toEqual(refused)
    expect(run.changeRate).toHaveBeenCalledTimes(2)
  })
})

describe('profiles', () => {
  const profiles = [fakeProfile('seed')]

  it('are read, or it is said why not', async () => {
    const {services, actions} = fakeServices({profiles: async () => profiles})
    new LoadEffects(services).carryOut({type: 'list'})
    await settled()
    expect(actions).toEqual([{type: 'load', event: {type: 'listed', profiles}}])
    const broken = fakeServices({profiles: async () => Promise.reject(new Error('no such file'))})
    new LoadEffects(broken.services).carryOut({type: 'list'})
    await settled()
    expect(broken.actions).toEqual([notice('Profiles: no such file')])
  })

  const save = {type: 'save', profile: 'seed', given: {}, path: 'a.yaml', overwrite: false} as const

  it('are saved and read again', async () => {
    const saveProfile = vi.fn(async () => './a.yaml')
    const {services, actions} = fakeServices({profiles: async () => profiles, saveProfile})
    new LoadEffects(services).carryOut(save)
    await settled()
    expect(saveProfile).toHaveBeenCalledExactlyOnceWith(save)
    expect(actions).toEqual([{type: 'load', event: {type: 'saved', profile: 'seed', path: './a.yaml', profiles}}])
  })

  it('overwrite no file unasked, and say why they cannot be saved', async () => {
    const taken = fakeServices({saveProfile: async () => null})
    new LoadEffects(taken.services).carryOut(save)
    await settled()
    expect(taken.actions).toEqual([{type: 'load', event: {type: 'taken', request: save}}])
    const full = fakeServices({saveProfile: async () => Promise.reject(new Error('disk full'))})
    new LoadEffects(full.services).carryOut(save)
    await settled()
    expect(full.actions).toEqual([notice('Cannot save the profile: disk full')])
  })
})
