import {describe, expect, it} from 'vitest'
import type {Action} from '../../../../src/ui/core/action.js'
import type {Effect, Step} from '../../../../src/ui/core/effect.js'
import type {UiState} from '../../../../src/ui/core/ui-state.js'
import {selectedNode} from '../../../../src/ui/screens/nodes/state/nodes-state.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {update} from '../../../../src/ui/shell/update.js'
import {nodeEvent, nodeView, pairSample} from '../../helpers/fake-nodes.js'

const attached = {...nodeView('10.0.0.1:11211'), backend: null}
const sample: Action = {
  type: 'sample',
  sample: {...pairSample(), nodes: [nodeView('m1'), nodeView('s1'), attached], events: [nodeEvent('ready', 'answers')]},
}

function play(...actions: (Action | string)[]): Step<UiState> {
  let state = initialState({columns: 100, rows: 30}, 0)
  let effects: readonly Effect[] = []
  for (const action of [sample, ...actions]) {
    const all: Action[] =
      typeof action === 'string'
        ? action.split(' ').map(chord => ({type: 'press', press: {chord, text: chord.length === 1 ? chord : ''}}))
        : [action]
    for (const each of all) {
      const next = update(state, each)
      state = next.state
      effects = next.effects
    }
  }
  return {state, effects}
}

const selected = (...actions: string[]) => selectedNode(play(...actions).state)?.name

describe('the filter of the nodes', () => {
  it('selects among what it lets through, by name, backend or state', () => {
    expect(selected('/ s 1')).toBe('s1')
    expect(selected('/ a t t a c h e d enter')).toBe('10.0.0.1:11211')
    expect(selected('/ e m b e d enter j j j')).toBe('s1')
  })

  it('is dropped by esc, while typing and later', () => {
    expect(play('/ s 1 esc').state.nodesView).toMatchObject({filter: '', typing: false})
    expect(play('/ s 1 enter esc').state.nodesView).toMatchObject({filter: '', typing: false})
  })

  it('takes letters that are keys elsewhere', () => {
    expect(play('/ x q').state).toMatchObject({nodesView: {filter: 'xq'}, dialog: null})
  })
})

describe('panes', () => {
  it('are chosen by tab, shown alone by f, and left by esc', () => {
    expect(play('tab tab f').state.nodesView).toMatchObject({pane: 'details', full: true})
    expect(play('enter').state.nodesView).toMatchObject({pane: 'details', full: true})
    expect(play('enter esc').state).toMatchObject({screen: 'nodes', nodesView: {pane: 'table', full: false}})
  })

  it('are copied by y', () => {
    expect(play('y').effects).toEqual([{type: 'copy', text: '127.0.0.1:11211', what: 'the address of m1'}])
    expect(play('enter y').effects).toMatchObject([{text: expect.stringContaining('connections  104')}])
    expect(play('shift+tab y').effects).toMatchObject([{text: expect.stringContaining('m1 answers')}])
  })
})

describe('attaching', () => {
  it('takes one address or several, and nothing else', () => {
    const addresses = [
      {host: 'h', port: 1},
      {host: '::1', port: 2},
    ]
    const paste = (text: string): Action => ({type: 'paste', text})
    expect(play('a', paste('h:1 [::1]:2'), 'enter').effects).toEqual([
      {type: 'nodes', request: {type: 'attach', addresses}},
    ])
    expect(play('a', paste('h:1 rubbish:x'), 'enter').effects).toEqual([])
  })

  it('is taken back after a yes, for attached nodes only', () => {
    expect(play('j j d y').effects).toEqual([{type: 'nodes', request: {type: 'detach', node: '10.0.0.1:11211'}}])
    expect(play('d').state).toMatchObject({dialog: null, notice: {tone: 'bad'}})
  })
})

describe('slab classes', () => {
  it('are read while they are looked at', () => {
    expect(play('s').effects).toEqual([{type: 'nodes', request: {type: 'watchSlabs', node: 'm1'}}])
    expect(play('s tab').effects).toEqual([{type: 'nodes', request: {type: 'watchSlabs', node: 's1'}}])
    expect(play('s s').effects).toEqual([{type: 'nodes', request: {type: 'watchSlabs', node: null}}])
    const lines = ['#', '1']
    expect(play('s', {type: 'nodes', event: {type: 'slabs', node: 'm1', lines}}).state.overlay).toMatchObject({lines})
    expect(play('s', {type: 'nodes', event: {type: 'slabs', node: 's1', lines}}).state.overlay).toMatchObject({
      lines: null,
    })
  })
})
