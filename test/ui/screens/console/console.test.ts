import {describe, expect, it} from 'vitest'
import {explainReply} from '../../../../src/telnet/explain/explain.js'
import type {Action} from '../../../../src/ui/core/action.js'
import type {Effect, Step} from '../../../../src/ui/core/effect.js'
import type {Press} from '../../../../src/ui/core/key-press.js'
import {unknownSession} from '../../../../src/ui/core/session.js'
import type {UiState} from '../../../../src/ui/core/ui-state.js'
import {monoTheme} from '../../../../src/ui/draw/theme.js'
import {markedLine, transcriptOf} from '../../../../src/ui/screens/console/state/console-view.js'
import {readTelnetCommand} from '../../../../src/ui/screens/console/state/telnet-prompt.js'
import {inputPane} from '../../../../src/ui/screens/console/view/input-pane.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {update} from '../../../../src/ui/shell/update.js'
import {pairSample, sessionView, transcript} from '../../helpers/fake-nodes.js'

const size = {columns: 100, rows: 30}
const session = {...unknownSession, explain: ({text}: {text: string}) => explainReply(text)}

const keys = (...chords: string[]): Action[] =>
  chords.map(chord => ({type: 'press', press: {chord, text: chord.length === 1 ? chord : ''} satisfies Press}))
const typed = (text: string) => keys(...text)

function play(...actions: readonly (Action | readonly Action[])[]): Step<UiState> {
  let state = initialState(size, 0, session)
  let effects: readonly Effect[] = []
  for (const action of actions.flat()) {
    const next = update(state, action)
    state = next.state
    effects = next.effects
  }
  return {state, effects}
}

const sessions = [sessionView('m1', transcript(40)), sessionView('s1', transcript(4))]
const opened: Action[] = [
  {type: 'sample', sample: pairSample()},
  ...keys('3'),
  {type: 'console', event: {type: 'sessions', sessions}},
]
const reading = [...opened, ...keys('esc')]

describe('a marked line', () => {
  it('begins with the newest one and moves; below the newest nothing is marked', () => {
    expect(markedLine(play(reading, keys('k')).state)?.text).toBe('END')
    expect(markedLine(play(reading, keys('k', 'k')).state)?.text).toBe('get key38')
    expect(play(reading, keys('k', 'k', 'j', 'j')).state.console).toMatchObject({
      marked: null,
      scrolls: {m1: {mode: 'follow'}},
    })
  })

  it('stays in sight', () => {
    const {state} = play(reading, keys(...Array.from({length: 39}, () => 'k')))
    const view = transcriptOf(state, state.console.sessions[0]!)
    expect(state.console.marked).toBe(1)
    expect(view.scroll).toMatchObject({mode: 'held', fromEnd: 40 - 1 - view.height})
  })

  it('is explained by ? and e, and copied by y', () => {
    for (const key of ['?', 'e']) {
      expect(play(reading, keys('k', key)).state.overlay).toMatchObject({
        kind: 'page',
        page: {lines: ['END', '', expect.stringContaining('means       The end'), ...[]]},
      })
    }
    expect(play(reading, keys('k', 'y')).effects).toEqual([{type: 'copy', text: 'END', what: 'the line'}])
    expect(play(reading, keys('?')).state.help).toBe(0)
  })

  it('is left by esc before the screen is', () => {
    expect(play(reading, keys('k', 'esc')).state).toMatchObject({screen: 'console', console: {marked: null}})
    expect(play(reading, keys('k', 'esc', 'esc')).state.screen).toBe('nodes')
  })
})

describe('typing', () => {
  it('? explains the newest reply, or what stands behind it, and sends nothing', () => {
    expect(play(opened, typed('?'), keys('enter'))).toMatchObject({
      effects: [],
      state: {overlay: {page: {lines: expect.arrayContaining(['END'])}}},
    })
    expect(play(opened, typed('? CLIENT_ERROR bad data chunk'), keys('enter')).state.overlay).toMatchObject({
      page: {lines: expect.arrayContaining([expect.stringContaining('another length')])},
    })
  })

  it('sends ? as data where data is due', () => {
    const due: Action = {
      type: 'console',
      event: {type: 'sessions', sessions: sessions.map(each => ({...each, dataBytesExpected: 1}))},
    }
    expect(play(opened, due, typed('?'), keys('enter')).effects).toEqual([
      {type: 'console', request: {type: 'send', nodes: ['m1'], line: '?'}},
    ])
  })

  it('begins with the history of earlier sessions', () => {
    const past: Action = {type: 'console', event: {type: 'history', lines: ['get old']}}
    expect(play(opened, past, keys('up')).state.console.editor.characters.join('')).toBe('get old')
  })
})

it('a transcript that was saved is what R offers to replay', () => {
  const saved: Action = {type: 'console', event: {type: 'saved', path: '/tmp/saved.txt'}}
  expect(play(reading, saved, keys('R', 'enter')).effects).toEqual([
    {type: 'console', request: {type: 'replay', file: '/tmp/saved.txt', target: 'm1'}},
  ])
  expect(play(reading, keys('R', 'enter')).effects).toEqual([])
})

describe('the input line', () => {
  const line = (text: string, ...after: Action[]) => {
    const {console} = play(opened, {type: 'paste', text}, after).state
    const data = {session: console.sessions[0], editor: console.editor, typing: true, tabs: null}
    return inputPane(data, {width: 30, height: 3}, monoTheme)[1]
  }

  it('shows the part around the cursor, also of a value of a million characters', () => {
    const value = `${'x'.repeat(999_990)}0123456789`
    expect(line(value)).toMatch(/m1> x+0123456789/)
    expect(line(value, ...keys('ctrl+a'))).toMatch(/m1> .*x{20}/)
    expect(line('get größe 🔑')).toContain('m1> get größe 🔑')
  })
})

describe('verifying a key', () => {
  const checked = (...actions: (Action | readonly Action[])[]) => play(opened, ...actions).effects

  it('takes the key of the line, else the last one used, else asks', () => {
    expect(checked(typed('get key9'), keys('ctrl+v'))).toEqual([
      {type: 'console', request: {type: 'checkKey', key: 'key9'}},
    ])
    expect(checked(typed('gat 60  key7 key6'), keys('ctrl+v'))).toEqual([
      {type: 'console', request: {type: 'checkKey', key: 'key7'}},
    ])
    expect(checked(typed('key8'), keys('ctrl+v'))).toEqual([
      {type: 'console', request: {type: 'checkKey', key: 'key8'}},
    ])
    expect(checked(keys('ctrl+v'))).toEqual([{type: 'console', request: {type: 'checkKey', key: 'key38'}}])
    const none: Action = {type: 'console', event: {type: 'sessions', sessions: [sessionView('m1')]}}
    expect(checked(none, keys('ctrl+v'), typed('k'), keys('enter'))).toEqual([
      {type: 'console', request: {type: 'checkKey', key: 'k'}},
    ])
  })

  it('knows the key of a line that was just entered, before its echo is there', () => {
    const last = (...actions: (Action | readonly Action[])[]) => checked(...actions, keys('ctrl+v')).at(-1)
    const of = (key: string) => ({type: 'console', request: {type: 'checkKey', key}})
    expect(last(typed('set new 0 0 1'), keys('enter'), typed('1'), keys('enter'))).toEqual(of('new'))
    expect(last({type: 'paste', text: 'get first\nget second\n'})).toEqual(of('second'))
  })

  it('refuses what is no key', () => {
    expect(checked(typed('k'.repeat(251)), keys('ctrl+v'))).toEqual([])
  })
})

describe("telnet's prompt", () => {
  it.each([
    ['close', {type: 'close'}],
    ['c', {type: 'close'}],
    ['quit', {type: 'quit'}],
    ['status', {type: 'status'}],
    ['z', {type: 'z'}],
    ['open 127.0.0.1 11211', {type: 'open', address: '127.0.0.1:11211'}],
    ['open ::1 11213', {type: 'open', address: '[::1]:11213'}],
    ['open h:1', {type: 'open', address: 'h:1'}],
    ['open h 99999', null],
    ['open', null],
    ['rubbish', null],
    ['', null],
  ])('reads %j', (line, command) => {
    expect(readTelnetCommand(line)).toEqual(command)
  })

  it('ends a connection, and opens another', () => {
    expect(play(opened, keys('ctrl+]'), typed('close'), keys('enter')).effects).toEqual([
      {type: 'console', request: {type: 'end', node: 'm1'}},
    ])
    expect(play(opened, keys('ctrl+]'), typed('open localhost 11211'), keys('enter'))).toMatchObject({
      effects: [{type: 'console', request: {type: 'open', address: {host: 'localhost', port: 11211}}}],
      state: {console: {target: 'localhost:11211', typing: true}},
    })
    expect(play(opened, keys('ctrl+]'), typed('bogus'), keys('enter'))).toMatchObject({
      effects: [],
      state: {overlay: {kind: 'form'}},
    })
  })
})

it('another address is opened, and rubbish is not', () => {
  expect(play(opened, keys('ctrl+o'), typed('[::1]:7'), keys('enter')).effects).toEqual([
    {type: 'console', request: {type: 'open', address: {host: '::1', port: 7}}},
  ])
  expect(play(opened, keys('ctrl+o'), typed('a:b'), keys('enter')).effects).toEqual([])
})

it('is suspended from wherever one is', () => {
  for (const where of [[], opened, [...opened, ...keys('ctrl+o')], [...reading, ...keys(':')]]) {
    expect(play(where, keys('ctrl+z')).effects).toEqual([{type: 'suspend'}])
  }
})
