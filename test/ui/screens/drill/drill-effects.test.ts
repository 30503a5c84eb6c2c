import {describe, expect, it, vi} from 'vitest'
import type {DrillPort, UiDrill, UiDrillResult} from '../../../../src/ui/ports/drill-port.js'
import {DrillEffects} from '../../../../src/ui/screens/drill/drill-effects.js'
import {drillResult, drillSteps, drillSummaries} from '../../helpers/fake-history.js'
import {snapshot} from '../../helpers/fake-nodes.js'
import {fakeServices, settled} from '../../helpers/fake-services.js'

type StartOptions = Parameters<DrillPort['start']>[0]

function effectsWith(given: Partial<DrillPort>) {
  const fakes = fakeServices({drills: {past: async () => [], ...given} as DrillPort})
  return {...fakes, effects: new DrillEffects(fakes.services)}
}

function running() {
  const finished = Promise.withResolvers<UiDrillResult>()
  const drill = {stop: vi.fn(), finished: finished.promise}
  const start = vi.fn<(options: StartOptions) => UiDrill>(() => drill)
  const fakes = effectsWith({start})
  fakes.effects.carryOut({type: 'start', drill: 'kill-master', given: {rate: '9'}})
  return {...fakes, drill, finished, options: start.mock.calls[0]![0]}
}

describe('a drill', () => {
  it('is started as it is asked for, and hands steps and snapshots to the sampler', () => {
    const {options, sampler} = running()
    expect(options).toMatchObject({drill: 'kill-master', given: {rate: '9'}})
    const [step, sent] = [drillSteps[0]!, snapshot(1)]
    options.onStep(step)
    options.onSnapshot(sent)
    expect(sampler.addDrillStep).toHaveBeenCalledExactlyOnceWith(step)
    expect(sampler.addDrillSnapshot).toHaveBeenCalledExactlyOnceWith(sent)
    expect(sampler.addSnapshot).not.toHaveBeenCalled()
  })

  it('has its last steps in the picture before the next round and before its end, then the history is read', async () => {
    const {options, finished, log, actions} = running()
    options.onRound({round: 2, of: 2})
    finished.resolve(drillResult)
    await settled()
    expect(log).toEqual(['tick', 'drill round', 'tick', 'drill ended', 'drill pastListed'])
    expect(actions).toContainEqual({type: 'drill', event: {type: 'ended', result: drillResult}})
  })

  it('says why it failed', async () => {
    const {finished, actions} = running()
    finished.reject(new Error('no pair'))
    await settled()
    expect(actions[0]).toEqual({type: 'drill', event: {type: 'failed', error: 'no pair'}})
  })

  it('is stopped while it runs only', async () => {
    const {effects, drill, finished, actions} = running()
    effects.carryOut({type: 'stop'})
    expect(drill.stop).toHaveBeenCalledOnce()
    expect(actions).toEqual([{type: 'drill', event: {type: 'stopping'}}])
    finished.resolve(drillResult)
    await settled()
    const before = actions.length
    effects.carryOut({type: 'stop'})
    expect(drill.stop).toHaveBeenCalledOnce()
    expect(actions).toHaveLength(before)
  })
})

describe('lists of drills', () => {
  it('are read, and so is the report of a past one', async () => {
    const open = vi.fn(async () => 'text')
    const {effects, actions} = effectsWith({list: async () => drillSummaries, open})
    effects.carryOut({type: 'list'})
    effects.carryOut({type: 'past'})
    effects.carryOut({type: 'open', path: '/a.json', title: 'pause'})
    await settled()
    expect(open).toHaveBeenCalledExactlyOnceWith('/a.json')
    expect(actions).toEqual([
      {type: 'drill', event: {type: 'listed', drills: drillSummaries}},
      {type: 'drill', event: {type: 'pastListed', past: []}},
      {type: 'drill', event: {type: 'opened', title: 'pause', text: 'text'}},
    ])
  })

  it('say why they cannot be read', async () => {
    const {effects, actions} = effectsWith({list: async () => Promise.reject(new Error('no engine'))})
    effects.carryOut({type: 'list'})
    await settled()
    expect(actions).toEqual([{type: 'notice', notice: {tone: 'bad', text: 'Drills: no engine'}}])
  })
})
