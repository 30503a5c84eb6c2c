import {describe, expect, it} from 'vitest'
import {launchForm} from '../../../src/cli/options/launch-form.js'
import {topologyPlans} from '../../../src/server/topology/topology-plans.js'
import type {Action} from '../../../src/ui/core/action.js'
import {type Session, unknownSession} from '../../../src/ui/core/session.js'
import type {UiState} from '../../../src/ui/core/ui-state.js'
import type {LogView} from '../../../src/ui/screens/nodes/overlays/log-pane.js'
import {initialState} from '../../../src/ui/shell/commands/screens.js'
import {modeOf} from '../../../src/ui/shell/keys/keys.js'
import {paletteEntries} from '../../../src/ui/shell/palette/palette.js'
import {pairSample, sessionView} from '../helpers/fake-nodes.js'
import {play} from '../helpers/play.js'

const session: Session = {...unknownSession, topologies: topologyPlans, advice: null, launchForm}
const empty = initialState({columns: 100, rows: 30}, 0, session)
const lines = Array.from({length: 100}, (_, index) => ({atMs: index, text: `Line ${index}`}))

const withPair = play(empty, {type: 'sample', sample: pairSample()}).state
const withLog = play(withPair, 'L', {type: 'sample', sample: pairSample({}, {log: {node: 'm1', lines}})}).state
const log = (state: UiState) => state.overlay as LogView

describe('a log', () => {
  it('is asked for by L, read, and given up by esc', () => {
    expect(play(withPair, 'j L').effects).toEqual([{type: 'nodes', request: {type: 'watchLog', node: 's1'}}])
    expect(log(withLog).lines).toBe(lines)
    const closed = play(withLog, 'esc')
    expect(closed.state.overlay).toBeNull()
    expect(closed.effects).toEqual([{type: 'nodes', request: {type: 'watchLog', node: null}}])
  })

  it('takes no lines of another node, and goes to it on tab', () => {
    const other: Action = {type: 'sample', sample: pairSample({}, {log: {node: 's1', lines: []}})}
    expect(log(play(withLog, other).state).lines).toBe(lines)
    const next = play(withLog, 'tab')
    expect(log(next.state)).toMatchObject({node: 's1', lines: []})
    expect(next.effects).toEqual([{type: 'nodes', request: {type: 'watchLog', node: 's1'}}])
    expect(next.state.selectedNode).toBe('s1')
  })

  it('stops following when it is scrolled back, and follows again on G', () => {
    const back = play(withLog, 'k k').state
    expect(log(back).scroll).toMatchObject({mode: 'held', fromEnd: 2})
    expect(log(play(back, 'G').state).scroll).toEqual({mode: 'follow'})
  })

  it('types into the filter, takes keys as commands after enter, and drops the filter before it closes', () => {
    const typing = play(withLog, '/ q 9 backspace').state
    expect(modeOf(typing)).toBe('filter')
    expect(log(typing).filter).toBe('q')
    const kept = play(typing, 'enter').state
    expect(modeOf(kept)).toBe('log')
    expect(log(play(kept, 'esc').state).filter).toBe('')
    expect(play(kept, 'esc esc').state.overlay).toBeNull()
    expect(log(play(typing, 'ctrl+u', {type: 'paste', text: 'one\ntwo'}).state).filter).toBe('one')
  })
})

describe('the lines of a log', () => {
  const filtered = play(withLog, '/ 9 9 enter').state

  it('are copied, or only those that the filter shows', () => {
    expect(play(withLog, 'y').effects).toEqual([
      {
        type: 'copy',
        text: expect.stringMatching(/^(\d\d:\d\d:\d\d\.\d{3} Line \d+\n){100}$/),
        what: 'the log of m1',
        keep: 'end',
      },
    ])
    expect(play(filtered, 'y').effects).toMatchObject([
      {text: expect.stringMatching(/^\S+ Line 99\n$/), what: '1 line of the log of m1'},
    ])
  })

  it('are saved with the day, and not where there are none', () => {
    expect(play(filtered, 'w').effects).toEqual([
      {type: 'saveText', name: 'log-m1', text: '1970-01-01T00:00:00.099Z Line 99\n', what: '1 line of the log of m1'},
    ])
    const none = play(withLog, '/ x enter').state
    for (const key of ['y', 'w']) {
      expect(play(none, key)).toMatchObject({effects: [], state: {notice: {tone: 'bad'}}})
    }
  })
})

describe('the palette', () => {
  it('finds an action by the beginnings of its words, by parts, and by its help', () => {
    const first = (text: string) => paletteEntries(text, withPair)[0]?.name
    expect(first('node kill')).toBe('node kill')
    expect(first('no ki')).toBe('node kill')
    expect(first('sigstop')).toBe('node freeze')
    expect(first('launch mixed')).toBe('launch mixed')
    expect(first('xyzzy')).toBeUndefined()
  })

  it('completes on tab and does it on enter, dialogs included', () => {
    const completed = play(withPair, ': f r e e tab').state
    expect(completed.overlay).toMatchObject({text: 'node freeze'})
    expect(play(completed, 'enter').effects).toEqual([{type: 'nodes', request: {type: 'freeze', node: 'm1'}}])
    expect(play(withPair, ': k i l l enter').state.dialog?.title).toBe('Kill m1?')
  })

  it('goes to the screen that an action belongs to', () => {
    const {state} = play(withPair, '2', ': n o d e', 'space', 'k i l l', 'ctrl+u', 'k i l l enter')
    expect(state).toMatchObject({screen: 'nodes', overlay: null, dialog: {title: 'Kill m1?'}})
  })

  it('does with an argument what stands before it, and waits for one', () => {
    const typed = (text: string) => Array.from(text, (key): Action => ({type: 'press', press: {chord: key, text: key}}))
    expect(play(withPair, ':', ...typed('attach h:1 h:2'), 'enter').effects).toEqual([
      {
        type: 'nodes',
        request: {
          type: 'attach',
          addresses: [
            {host: 'h', port: 1},
            {host: 'h', port: 2},
          ],
        },
      },
    ])
    expect(play(withPair, ':', ...typed('open h:3'), 'enter').effects).toMatchObject([{request: {type: 'open'}}])
    expect(play(withPair, ':', ...typed('attac'), 'enter').state.overlay).toMatchObject({text: 'attach '})
    expect(play(withPair, ':', ...typed('attac'), 'tab').state.overlay).toMatchObject({text: 'attach '})
    expect(play(withPair, ':', ...typed('attach rubbish:x'), 'enter')).toMatchObject({
      effects: [],
      state: {notice: {tone: 'bad'}},
    })
  })

  it('launches a topology by its name', () => {
    expect(play(withPair, ': s i n g l e enter').effects).toEqual([
      {type: 'nodes', request: {type: 'launch', topology: 'single', given: {}}},
    ])
  })

  it('does nothing on esc, nor without a match', () => {
    expect(play(withPair, ': q esc')).toEqual({state: withPair, effects: []})
    expect(play(withPair, ': x y z z y enter').state.overlay).toMatchObject({text: 'xyzzy'})
  })
})

describe('running servers', () => {
  it('are not ended with the program, so that it need not ask', () => {
    const sample = pairSample()
    const nodes = sample.nodes.map(node => ({...node, backend: null}))
    const {effects} = play(empty, {type: 'sample', sample: {...sample, nodes}}, 'q')
    expect(effects).toEqual([{type: 'quit', reason: 'quit'}])
  })
})

describe('--readonly', () => {
  const looking = {...withPair, session: {...session, readonly: true}}

  it.each(['n', 'N', 'x', 't', 'z', 'r', '2 b'])('refuses %s, and says why', keys => {
    const {state, effects} = play(looking, keys)
    expect(effects).toEqual([])
    expect(state).toMatchObject({dialog: null, overlay: null, notice: {tone: 'bad'}})
    expect(state.notice?.text).toContain('--readonly')
  })

  it('sends nodes nothing but reads', () => {
    const console = play(looking, '3', {
      type: 'console',
      event: {type: 'sessions', sessions: [sessionView('m1')]},
    }).state
    const typed = (text: string) =>
      play(console, ...Array.from(text, key => ({type: 'press', press: {chord: key, text: key}}) as const), 'enter')
        .effects
    expect(typed('get key1')).toMatchObject([{type: 'console', request: {type: 'send', line: 'get key1'}}])
    for (const line of ['flush_all', 'set a 0 0 1', 'stats reset', 'shutdown']) expect(typed(line)).toEqual([])
    expect(play(console, {type: 'paste', text: 'get a\nflush_all\n'}).effects).toEqual([])
  })

  it('leaves logs and the way out', () => {
    expect(play(looking, 'L').effects).toEqual([{type: 'nodes', request: {type: 'watchLog', node: 'm1'}}])
    expect(paletteEntries('', looking).map(({name}) => name)).not.toContain('node kill')
    expect(paletteEntries('launch', looking).filter(({name}) => name.startsWith('launch'))).toEqual([])
  })
})
