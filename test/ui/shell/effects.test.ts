import {afterEach, describe, expect, it, vi} from 'vitest'
import type {OutsideEffect} from '../../../src/ui/core/effect.js'
import {ConsoleEffects} from '../../../src/ui/screens/console/console-effects.js'
import {DrillEffects} from '../../../src/ui/screens/drill/drill-effects.js'
import {LoadEffects} from '../../../src/ui/screens/load/load-effects.js'
import {NodesEffects} from '../../../src/ui/screens/nodes/nodes-effects.js'
import {ReportEffects} from '../../../src/ui/screens/report/report-effects.js'
import {screens} from '../../../src/ui/shell/commands/screens.js'
import {Effects} from '../../../src/ui/shell/effects.js'
import {fakeServices, settled} from '../helpers/fake-services.js'

afterEach(() => {
  vi.restoreAllMocks()
})

function shell(given: Parameters<typeof fakeServices>[0] = {}, suspend = async () => true) {
  const fakes = fakeServices(given)
  const terminal = {copy: vi.fn(() => 'copied'), suspend: vi.fn(suspend)}
  const onQuit = vi.fn()
  return {...fakes, terminal, onQuit, effects: new Effects({...fakes.services, terminal, onQuit})}
}

const requests: readonly (readonly [OutsideEffect, {prototype: {carryOut(request: never): void}}])[] = [
  [{type: 'nodes', request: {type: 'watchLog', node: null}}, NodesEffects],
  [{type: 'load', request: {type: 'list'}}, LoadEffects],
  [{type: 'console', request: {type: 'openAll'}}, ConsoleEffects],
  [{type: 'drill', request: {type: 'past'}}, DrillEffects],
  [{type: 'report', request: {type: 'list', limit: 1}}, ReportEffects],
]

describe('requests', () => {
  it.each(requests)('go to the effects of their screen: $type', (effect, screen) => {
    const spies = requests.map(([, {prototype}]) => vi.spyOn(prototype, 'carryOut').mockImplementation(() => {}))
    const called = spies[requests.findIndex(([, other]) => other === screen)]
    shell().effects.carryOut(effect)
    expect(called).toHaveBeenCalledExactlyOnceWith('request' in effect ? effect.request : undefined)
    for (const spy of spies) if (spy !== called) expect(spy).not.toHaveBeenCalled()
  })

  it('are known of every screen', () => {
    expect(requests.map(([{type}]) => type)).toEqual(screens.map(({id}) => id))
  })
})

describe('the shell itself', () => {
  it('copies, and says what the terminal made of it', () => {
    const {effects, terminal, actions} = shell()
    effects.carryOut({type: 'copy', text: 'a', what: 'the line'})
    expect(terminal.copy).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({text: 'a', what: 'the line'}))
    expect(actions).toEqual([{type: 'notice', notice: {tone: 'ok', text: 'copied'}}])
  })

  it('saves a text, or says why not', async () => {
    const saveText = vi.fn(async () => './log-m1.txt')
    const {effects, actions} = shell({saveText})
    effects.carryOut({type: 'saveText', name: 'log-m1', text: 'a', what: 'the log'})
    await settled()
    expect(saveText).toHaveBeenCalledExactlyOnceWith({name: 'log-m1', text: 'a'})
    expect(actions).toMatchObject([{notice: {tone: 'ok', text: 'Saved the log as ./log-m1.txt'}}])
    const full = shell({saveText: async () => Promise.reject(new Error('disk full'))})
    full.effects.carryOut({type: 'saveText', name: 'log-m1', text: 'a', what: 'the log'})
    await settled()
    expect(full.actions).toMatchObject([{notice: {tone: 'bad', text: 'disk full'}}])
  })

  it.each([
    [async () => true, []],
    [async () => false, ['Cannot suspend: no parent shell with job control']],
    [async () => Promise.reject(new Error('no')), ['Cannot suspend: no parent shell with job control']],
  ])('suspends, and says where it cannot', async (suspend, texts) => {
    const {effects, actions} = shell({}, suspend)
    effects.carryOut({type: 'suspend'})
    await settled()
    expect(actions.map(action => 'notice' in action && action.notice.text)).toEqual(texts)
  })

  it('quits for the reason that was given', () => {
    const {effects, onQuit} = shell()
    effects.carryOut({type: 'quit', reason: 'interrupt'})
    expect(onQuit).toHaveBeenCalledExactlyOnceWith('interrupt')
  })

  it('hands ticks, the end and what must be waited for to the screens', async () => {
    const tick = vi.spyOn(ConsoleEffects.prototype, 'onTick')
    const closes = [vi.spyOn(ConsoleEffects.prototype, 'close'), vi.spyOn(NodesEffects.prototype, 'close')]
    const ended = Promise.withResolvers<void>()
    vi.spyOn(LoadEffects.prototype, 'finish').mockReturnValue(ended.promise)
    const {effects} = shell()
    effects.onTick()
    effects.close()
    expect(tick).toHaveBeenCalledOnce()
    for (const close of closes) expect(close).toHaveBeenCalledOnce()
    let isOver = false
    const finished = effects.finish().then(() => {
      isOver = true
    })
    await settled()
    expect(isOver).toBe(false)
    ended.resolve()
    await finished
  })
})
