import {stripVTControlCharacters} from 'node:util'
import {cleanup, render} from 'ink-testing-library'
import {afterEach, describe, expect, it} from 'vitest'
import {UiContext} from '../../../src/ui/core/context.js'
import type {Effect} from '../../../src/ui/core/effect.js'
import {monoTheme} from '../../../src/ui/draw/theme.js'
import {App} from '../../../src/ui/shell/app.js'
import {initialState} from '../../../src/ui/shell/commands/screens.js'
import {createUiStore} from '../../../src/ui/shell/store.js'
import {keys} from '../../helpers/tui-terminal.js'
import {waitFor} from '../../helpers/wait-for.js'
import {pairSample, sessionView} from '../helpers/fake-nodes.js'

afterEach(cleanup)

function open() {
  const effects: Effect[] = []
  const store = createUiStore(initialState({columns: 100, rows: 24}, 0), effect => effects.push(effect))
  store.dispatch({type: 'sample', sample: pairSample()})
  store.dispatch({type: 'console', event: {type: 'sessions', sessions: [sessionView('m1'), sessionView('s1')]}})
  const {stdin, lastFrame} = render(
    <UiContext value={{store, theme: monoTheme}}>
      <App />
    </UiContext>,
  )
  const until = (shown: string) => waitFor(() => expect(stripVTControlCharacters(lastFrame() ?? '')).toContain(shown))
  return {stdin, until, effects}
}

describe('screens', () => {
  it('that are not shown are not there: nothing of theirs listens to the state', async () => {
    const store = createUiStore(initialState({columns: 100, rows: 24}, 0), () => {})
    store.dispatch({type: 'sample', sample: pairSample()})
    let listeners = 0
    const {subscribe} = store.state
    store.state.subscribe = listener => {
      const unsubscribe = subscribe(listener)
      listeners++
      return () => {
        listeners--
        unsubscribe()
      }
    }
    const {stdin, lastFrame} = render(
      <UiContext value={{store, theme: monoTheme}}>
        <App />
      </UiContext>,
    )
    const onScreen = async (key: string, shown: string) => {
      stdin.write(key)
      await waitFor(() => expect(stripVTControlCharacters(lastFrame() ?? '')).toContain(shown))
      return listeners
    }
    const first = [await onScreen('1', '[1 Nodes]'), await onScreen('2', '[2 Load]')]
    for (const [key, shown] of Object.entries({4: '[4 Drill]', 5: '[5 Report]'})) await onScreen(key, shown)
    expect([await onScreen('1', '[1 Nodes]'), await onScreen('2', '[2 Load]')]).toEqual(first)
  })
})

describe('keys as a terminal sends them', () => {
  it('reach the screens, also several at once', async () => {
    const {stdin, until, effects} = open()
    stdin.write('jx')
    await until('Kill s1?')
    stdin.write('y')
    await until('q quit')
    expect(effects).toEqual([{type: 'nodes', request: {type: 'kill', node: 's1'}}])
  })

  it('answer no question together with others: a text that is pasted may have a y in it', async () => {
    const {stdin, until, effects} = open()
    stdin.write('jxyy')
    await until('Several keys at once')
    stdin.write('get key1')
    stdin.write('n')
    await until('q quit')
    expect(effects).toEqual([])
  })

  it('make a line of what is typed and pasted', async () => {
    const {stdin, until, effects} = open()
    stdin.write('3')
    await until('m1> ')
    stdin.write('get a')
    await until('m1> get a')
    stdin.write('\r')
    stdin.write(keys.paste('get b\r\nget'))
    // The line before began in the same way: what was sent tells that it is the next one.
    await waitFor(() =>
      expect(effects).toEqual([
        {type: 'console', request: {type: 'openAll'}},
        {type: 'console', request: {type: 'send', nodes: ['m1'], line: 'get a'}},
        {type: 'console', request: {type: 'send', nodes: ['m1'], line: 'get b'}},
      ]),
    )
    await until('m1> get ')
  })

  it('leave the input line with escape and recall it with an arrow', async () => {
    const {stdin, until} = open()
    stdin.write('3')
    await until('m1> ')
    stdin.write('get old\r')
    stdin.write(keys.up)
    await until('m1> get old')
    stdin.write(keys.esc)
    await until('enter to type')
  })
})
