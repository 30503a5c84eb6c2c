import {describe, expect, it} from 'vitest'
import {launchForm} from '../../../src/cli/options/launch-form.js'
import type {Action} from '../../../src/ui/core/action.js'
import {type Session, unknownSession} from '../../../src/ui/core/session.js'
import {initialState} from '../../../src/ui/shell/commands/screens.js'
import {modeOf} from '../../../src/ui/shell/keys/keys.js'
import {
  deadStatus,
  nodeEvent,
  nodeView,
  pairSample,
  sessionView,
  silentNode,
  snapshot,
  transcript,
} from '../helpers/fake-nodes.js'
import {fakeProfile} from '../helpers/fake-profile.js'
import {play} from '../helpers/play.js'

const start = initialState({columns: 100, rows: 30}, 0)

/** Runs actions one after the other; a plain string is a series of key presses. */
const session: Session = {
  ...unknownSession,
  topologies: [
    {name: 'pair', summary: 'two embedded nodes'},
    {name: 'repcached', summary: 'two real nodes'},
  ],
}
const withPair = play(start, {type: 'sample', sample: pairSample()}).state
const withConsoles = play(withPair, '3', {
  type: 'console',
  event: {
    type: 'sessions',
    sessions: [sessionView('m1', transcript(200)), sessionView('s1')],
  },
}).state
const withProfiles = play(withPair, '2', {
  type: 'load',
  event: {type: 'listed', profiles: [fakeProfile('smoke'), fakeProfile('seed')]},
}).state

describe('Nodes', () => {
  it('launches a pair once, and only on a key', () => {
    const {state, effects} = play(start, 'n', 'n')
    expect(effects).toEqual([{type: 'nodes', request: {type: 'launch', topology: 'pair', given: {}}}])
    expect(state.activity).toBe('Launching pair')
  })

  it.each([
    [start, 'N right enter', 'single'],
    [withPair, 'n enter', 'pair'],
    [withPair, 'n m enter', 'memcached'],
  ])('launches any topology by a form, the pair being the first', (state, keys, topology) => {
    expect(play({...state, session: {...session, launchForm}}, keys).effects).toMatchObject([
      {type: 'nodes', request: {type: 'launch', topology}},
    ])
  })

  it('does not launch what is not sound', () => {
    const {state, effects} = play(
      {...withPair, session: {...session, launchForm}},
      'n',
      ...Array(7).fill('down'),
      '0',
      'enter',
    )
    expect(effects).toEqual([])
    expect(state.overlay).toMatchObject({
      form: {resolution: {problems: {memory: expect.stringContaining('megabytes')}}},
    })
  })

  it('freezes a node at once and thaws it with the same key', () => {
    expect(play(withPair, 'j z').effects).toEqual([{type: 'nodes', request: {type: 'freeze', node: 's1'}}])
    const frozen = play(start, {type: 'sample', sample: pairSample({master: {state: 'paused'}})}).state
    expect(play(frozen, 'z').effects).toEqual([{type: 'nodes', request: {type: 'thaw', node: 'm1'}}])
    const dead = play(start, {type: 'sample', sample: pairSample({master: deadStatus})}).state
    expect(play(dead, 'z')).toMatchObject({effects: [], state: {notice: {tone: 'bad'}}})
  })

  it('leaves alone what it has not started', () => {
    const sample = pairSample()
    const running = {...sample, nodes: sample.nodes.map(node => ({...node, backend: null}))}
    const {state} = play(start, {type: 'sample', sample: running})
    for (const key of ['x', 't', 'z', 'r', 'L']) {
      expect(play(state, key)).toMatchObject({effects: [], state: {dialog: null, notice: {tone: 'bad'}}})
    }
  })

  it.each([
    ['enter', []],
    ['esc', []],
    ['n', []],
    ['y', [{type: 'nodes', request: {type: 'kill', node: 'm1'}}]],
    ['tab enter', [{type: 'nodes', request: {type: 'kill', node: 'm1'}}]],
    ['tab tab enter', []],
  ])('asks before it kills, no being the default: %s', (answer, expected) => {
    const {state, effects} = play(withPair, 'x', answer)
    expect(state.dialog).toBeNull()
    expect(effects).toEqual(expected)
  })

  it('wants the name of the last live node typed', () => {
    const last = play(start, {type: 'sample', sample: pairSample({slave: deadStatus})}).state
    expect(play(last, 'x', 'y enter').effects).toEqual([])
    expect(play(last, 'x', 'm backspace m 1 enter').effects).toEqual([
      {type: 'nodes', request: {type: 'kill', node: 'm1'}},
    ])
  })

  it.each([
    ['frozen', nodeView('s1', {state: 'paused'}), []],
    ['silent', silentNode('s1'), []],
    ['dead beside a native memcached', nodeView('s1', deadStatus), [nodeView('n1', {link: 'none', role: 'none'})]],
  ])('takes a node whose partner is %s for the last one', (_, slave, more) => {
    const sample = pairSample({}, {nodes: [nodeView('m1'), slave, ...more]})
    const last = play(start, {type: 'sample', sample}).state
    const asked = play(last, 'x')
    expect(asked.state.dialog?.body.join(' ')).toContain('m1 is the last live node of its pair: s1 does not answer')
    expect(play(asked.state, 'y enter').effects).toEqual([])
    expect(play(last, 't', 'm 1 enter').effects).toEqual([{type: 'nodes', request: {type: 'terminate', node: 'm1'}}])
    expect(play(last, 'r').state.dialog?.body.join(' ')).toContain('No other node answers to give it a full sync')
    expect(play(last, 'j', 'x').state.dialog?.typed ?? null).toBeNull()
  })

  it('does not kill a dead node, and restarts it without a question', () => {
    const dead = play(start, {type: 'sample', sample: pairSample({master: deadStatus})}).state
    expect(play(dead, 'x')).toMatchObject({effects: [], state: {notice: {tone: 'bad'}}})
    expect(play(dead, 'r').effects).toEqual([{type: 'nodes', request: {type: 'restart', node: 'm1'}}])
  })

  it('asks before it restarts or terminates a live one', () => {
    expect(play(withPair, 'r', 'enter').effects).toEqual([])
    expect(play(withPair, 'r', 'y').effects).toEqual([{type: 'nodes', request: {type: 'restart', node: 'm1'}}])
    expect(play(withPair, 'j', 't', 'y').effects).toEqual([{type: 'nodes', request: {type: 'terminate', node: 's1'}}])
  })

  it('moves between nodes and stops at both ends', () => {
    expect(play(withPair, 'j', 'j', 'j').state.selectedNode).toBe('s1')
    expect(play(withPair, 'down', 'k', 'up').state.selectedNode).toBe('m1')
  })

  it('holds the events still while they are scrolled back, and follows again at the end', () => {
    const events = Array.from({length: 100}, (_, index) => nodeEvent('listening', `line ${index}`))
    const filled = play(withPair, {type: 'sample', sample: pairSample({}, {events})}).state
    const back = play(filled, 'pageup').state
    expect(back.eventsScroll).toMatchObject({mode: 'held', items: events})
    expect(play(back, 'pagedown').state.eventsScroll).toEqual({mode: 'follow'})
    expect(play(back, 'g', 'G').state.eventsScroll).toEqual({mode: 'follow'})
  })
})

describe('quitting', () => {
  it('asks only while something runs', () => {
    expect(play(start, 'q').effects).toEqual([{type: 'quit', reason: 'quit'}])
    const asked = play(withPair, 'q')
    expect(asked.effects).toEqual([])
    expect(asked.state.dialog?.body.join()).toContain('m1, s1')
    expect(play(withPair, 'q', 'y').effects).toEqual([{type: 'quit', reason: 'quit'}])
  })

  it.each(['', 'x', '?', '3'])('is what Ctrl-C does everywhere: after %j', keys => {
    const {effects} = play(withPair, ...(keys === '' ? [] : [keys]), 'ctrl+c')
    expect(effects.at(-1)).toEqual({type: 'quit', reason: 'interrupt'})
  })
})

describe('screens', () => {
  it('are reached by number and by bracket, and left by esc', () => {
    expect(play(withPair, '2').state.screen).toBe('load')
    expect(play(withPair, ']').state.screen).toBe('load')
    expect(play(withPair, '[').state.screen).toBe('report')
    expect(play(withPair, '2', 'esc').state.screen).toBe('nodes')
  })

  it('take esc with a key right behind it for both, and alt for alt where it means something', () => {
    const typing = play(withPair, '3').state
    expect(modeOf(typing)).toBe('insert')
    expect(play(typing, 'alt+t').state.console).toMatchObject({typing: false, times: true})
    expect(play(typing, 'a b alt+b').state.console).toMatchObject({typing: true, editor: {cursor: 0}})
    expect(play(withPair, '? alt+G').state).toMatchObject({help: null, screen: 'nodes'})
    expect(play(withPair, 'x alt+q')).toMatchObject({effects: [], state: {dialog: {title: 'Quit?'}}})
    expect(play(withPair, 'L alt+L').effects).toEqual([
      {type: 'nodes', request: {type: 'watchLog', node: 'm1'}},
      {type: 'nodes', request: {type: 'watchLog', node: null}},
      {type: 'nodes', request: {type: 'watchLog', node: 'm1'}},
    ])
  })

  it('opens and closes the help', () => {
    expect(modeOf(play(withPair, '?').state)).toBe('help')
    expect(modeOf(play(withPair, '?', 'esc').state)).toBe('nav')
  })
})

describe('Console', () => {
  it('opens ready to type to the selected node', () => {
    const {state, effects} = play(withPair, 'j', 'c')
    expect(state.console).toMatchObject({typing: true, target: 's1'})
    expect(effects).toEqual([{type: 'console', request: {type: 'openAll'}}])
  })

  it('sends the line to the target, and to both on ^T', () => {
    expect(play(withConsoles, 'g', 'enter').effects).toEqual([
      {type: 'console', request: {type: 'send', nodes: ['m1'], line: 'g'}},
    ])
    expect(play(withConsoles, 'tab', 'g', 'enter').effects).toEqual([
      {type: 'console', request: {type: 'send', nodes: ['s1'], line: 'g'}},
    ])
    expect(play(withConsoles, 'g', 'ctrl+t').effects).toEqual([
      {type: 'console', request: {type: 'send', nodes: ['m1', 's1'], line: 'g'}},
    ])
  })

  it('sends pasted lines, and ignores a paste where keys are commands', () => {
    const pasted: Action = {type: 'paste', text: 'set a 0 0 1\r\nx\r\nget a'}
    expect(play(withConsoles, pasted).effects).toMatchObject([
      {type: 'console', request: {type: 'send', line: 'set a 0 0 1'}},
      {type: 'console', request: {type: 'send', line: 'x'}},
    ])
    expect(play(withPair, {type: 'paste', text: 'xy'})).toEqual({state: withPair, effects: []})
  })

  it('leaves the line before it leaves the screen', () => {
    const once = play(withConsoles, 'esc').state
    expect([once.screen, modeOf(once)]).toEqual(['console', 'nav'])
    expect(play(once, 'esc').state.screen).toBe('nodes')
    expect(modeOf(play(once, 'enter').state)).toBe('insert')
  })

  it('clears what was there, and scrolls', () => {
    expect(play(withConsoles, 'ctrl+l').state.console.clearedMs).toBe(1_000_199)
    expect(play(withConsoles, 'pageup').state.console.scrolls.m1?.mode).toBe('held')
    expect(play(withConsoles, 'pageup', 'g', 'enter').state.console.scrolls).toEqual({})
  })
})

describe('Load', () => {
  it('starts the chosen profile against the chosen node, and stops it', () => {
    const started = play(withProfiles, 'j', 'tab', 'b')
    expect(started.effects).toEqual([
      {type: 'load', request: {type: 'start', profile: 'seed', given: {}, node: 's1', lagProbe: true}},
    ])
    expect(started.state.load.run).toMatchObject({number: 1, phase: 'running', target: 's1'})
    const stopped = play(started.state, 'b')
    expect(stopped.effects).toEqual([{type: 'load', request: {type: 'stop'}}])
    expect(stopped.state.load.run?.phase).toBe('stopping')
  })

  it('says what is missing', () => {
    expect(
      play(start, '2', {type: 'load', event: {type: 'listed', profiles: [fakeProfile('smoke')]}}, 'b').state.notice
        ?.text,
    ).toContain('launches a pair')
    const dead = play(withProfiles, {type: 'sample', sample: pairSample({master: deadStatus})}).state
    expect(play(dead, 'b').state.notice?.text).toContain('not up')
  })

  it('collects snapshots while it runs, and holds the picture on p', () => {
    const running = play(withProfiles, 'b', {
      type: 'sample',
      sample: pairSample({}, {snapshots: [snapshot(0.2), snapshot(0.4)]}),
    }).state
    expect(running.load.run?.points).toHaveLength(2)
    const held = play(running, 'p', {type: 'sample', sample: pairSample({}, {snapshots: [snapshot(0.6)]})}).state
    expect([held.load.frozenRun?.points.length, held.load.run?.points.length]).toEqual([2, 3])
    expect(play(held, 'p').state.load.frozenRun).toBeNull()
  })

  it('keeps the result until another load is chosen', () => {
    const result = {report: 'r', savedAs: '/tmp/run.json', comparison: null, verdict: 'pass' as const}
    const ended = play(withProfiles, 'b', {type: 'load', event: {type: 'ended', result}}).state
    expect(ended.load).toMatchObject({choosing: false, run: {phase: 'ended', result}})
    expect(play(ended, 'esc').state).toMatchObject({screen: 'load', load: {choosing: true}})
    expect(play(ended, 'b').state.load.run).toMatchObject({number: 2, phase: 'running'})
  })
})
