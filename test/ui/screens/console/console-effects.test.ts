import {describe, expect, it, vi} from 'vitest'
import type {ConsolePort} from '../../../../src/ui/ports/console-port.js'
import {ConsoleEffects} from '../../../../src/ui/screens/console/console-effects.js'
import {FakeConsole, FakeNode} from '../../helpers/fake-ports.js'
import {fakeServices, settled} from '../../helpers/fake-services.js'

function consoles(given: Partial<ConsolePort> = {}) {
  const opened = new Map<string, FakeConsole>()
  const history = {load: vi.fn(async () => ['get old']), add: vi.fn()}
  const port = {
    open({name, onChange}: Parameters<ConsolePort['open']>[0]) {
      const session = new FakeConsole(onChange)
      opened.set(name, session)
      return session
    },
    history,
    ...given,
  } as ConsolePort
  const nodes = [new FakeNode('m1'), new FakeNode('s1')]
  const fakes = fakeServices({nodes: () => nodes, pairs: () => [], consoles: port})
  return {...fakes, opened, history, effects: new ConsoleEffects(fakes.services)}
}

describe('sessions', () => {
  it('are opened to each node, and to an address', () => {
    const {effects, opened} = consoles()
    effects.carryOut({type: 'openAll'})
    effects.carryOut({type: 'open', address: {host: 'h', port: 5}})
    expect([...opened.keys()]).toEqual(['m1', 's1', 'h:5'])
    effects.close()
    expect([...opened.values()].map(({closed}) => closed)).toEqual([true, true, true])
  })

  it('are told to the state', async () => {
    const {effects, actions} = consoles()
    effects.carryOut({type: 'openAll'})
    await vi.waitFor(() => expect(actions).not.toEqual([]))
    expect(actions).toMatchObject([
      {type: 'console', event: {type: 'sessions', sessions: [{node: 'm1'}, {node: 's1'}]}},
    ])
    effects.close()
  })

  it('get lines, which are kept for later; ends one of them', () => {
    const {effects, opened, history} = consoles()
    effects.carryOut({type: 'openAll'})
    effects.carryOut({type: 'send', nodes: ['m1', 's1'], line: 'get a'})
    effects.carryOut({type: 'send', nodes: ['m1'], line: ' '})
    expect([...opened.values()].map(({sent}) => sent)).toEqual([['get a', ' '], ['get a']])
    expect(history.add).toHaveBeenCalledExactlyOnceWith('get a')
    effects.carryOut({type: 'end', node: 's1'})
    expect(opened.get('s1')?.state()).toBe('closed')
    expect(opened.get('m1')?.state()).toBe('connected')
    effects.close()
  })
})

describe('answers', () => {
  it('to a key and to a replayed transcript are notices', async () => {
    const checkKey = vi.fn(async () => ({good: false, text: 'differs'}))
    const replay = vi.fn(async () => ({good: true, text: '3 lines'}))
    const {effects, actions} = consoles({checkKey, replay})
    effects.carryOut({type: 'openAll'})
    effects.carryOut({type: 'checkKey', key: 'k'})
    effects.carryOut({type: 'replay', file: 'f', target: 's1'})
    expect(checkKey).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({key: 'k'}))
    expect(replay).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({file: 'f'}))
    await settled()
    expect(actions.filter(({type}) => type === 'notice')).toEqual([
      {type: 'notice', notice: {tone: 'bad', text: 'differs'}},
      {type: 'notice', notice: {tone: 'ok', text: 'Replayed: 3 lines'}},
    ])
    effects.close()
  })

  it('say where transcripts were saved, or why not', async () => {
    const {effects, actions} = consoles({save: async () => 'a.txt'})
    effects.carryOut({type: 'save'})
    await settled()
    expect(actions).toEqual([
      {type: 'console', event: {type: 'saved', path: 'a.txt'}},
      {type: 'notice', notice: {tone: 'ok', text: 'Saved as a.txt; R replays it'}},
    ])
    const full = consoles({save: async () => Promise.reject(new Error('disk full'))})
    full.effects.carryOut({type: 'save'})
    await settled()
    expect(full.actions).toEqual([{type: 'notice', notice: {tone: 'bad', text: 'disk full'}}])
  })

  it('bring the lines of earlier sessions, and nothing where they cannot be read', async () => {
    const {effects, actions} = consoles()
    effects.carryOut({type: 'readHistory'})
    await settled()
    expect(actions).toEqual([{type: 'console', event: {type: 'history', lines: ['get old']}}])
    const history = {load: async () => Promise.reject(new Error('denied')), add: vi.fn()}
    const none = consoles({history})
    none.effects.carryOut({type: 'readHistory'})
    await settled()
    expect(none.actions).toEqual([])
  })
})
