import {type Effect, type Step, step} from '../../../core/effect.js'
import {defineOverlay} from '../../../core/overlay.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {bodyArea, innerRows} from '../../../draw/layout.js'
import {selectedNode} from '../state/nodes-state.js'
import {type SlabsView, slabsPane} from './slabs-pane.js'

export const slabsOverlay = defineOverlay({
  kind: 'slabs',
  bindings: [
    {
      id: 'slabs.next',
      keys: ['tab', 'right', 'l'],
      modes: ['slabs'],
      label: 'next node',
      help: 'those of the next node',
    },
    {id: 'slabs.previous', keys: ['shift+tab', 'left', 'h'], modes: ['slabs'], help: 'those of the previous node'},
    {id: 'slabs.down', keys: ['j', 'down', 'pagedown', ' '], modes: ['slabs'], label: 'scroll', help: 'scroll on'},
    {id: 'slabs.up', keys: ['k', 'up', 'pageup'], modes: ['slabs'], help: 'scroll back'},
    {id: 'slabs.copy', keys: ['y'], modes: ['slabs'], label: 'copy', help: 'copy the table'},
    {
      id: 'slabs.close',
      keys: ['esc', 'q', 's'],
      modes: ['slabs'],
      label: 'back',
      always: true,
      help: 'close the table',
    },
  ],
  commands: {
    'slabs.next': state => neighbour(state, 1),
    'slabs.previous': state => neighbour(state, -1),
    'slabs.down': state => step(scroll(state, 1)),
    'slabs.up': state => step(scroll(state, -1)),
    'slabs.copy': state => step(state, ...copied(state)),
    'slabs.close': state => step({...state, overlay: null}, {type: 'nodes', request: {type: 'watchSlabs', node: null}}),
  },
  mode: () => 'slabs',
  draw: (view, {area, theme}) => ({lines: slabsPane(view, area, theme), area}),
})

export function openSlabs(state: UiState): Step<UiState> {
  const node = selectedNode(state)
  return node === undefined ? refuse(state, 'No node yet: n launches a pair') : show(state, node.name)
}

/** The table that was read just now, where it is still the one that is shown. */
export function addSlabs(state: UiState, {node, lines}: {node: string; lines: readonly string[]}): UiState {
  const {overlay} = state
  return overlay?.kind === 'slabs' && overlay.node === node ? {...state, overlay: {...overlay, lines}} : state
}

function show(state: UiState, node: string): Step<UiState> {
  const overlay: SlabsView = {kind: 'slabs', node, lines: null, from: 0}
  return step({...state, selectedNode: node, overlay}, {type: 'nodes', request: {type: 'watchSlabs', node}})
}

function neighbour(state: UiState, by: number): Step<UiState> {
  const {overlay, nodes} = state
  if (overlay?.kind !== 'slabs' || nodes.length < 2) return step(state)
  const at = nodes.findIndex(({name}) => name === overlay.node)
  return show(state, nodes[(at + by + nodes.length) % nodes.length]!.name)
}

function scroll(state: UiState, by: number): UiState {
  const {overlay, size} = state
  if (overlay?.kind !== 'slabs') return state
  // The heading stays.
  const last = Math.max(0, (overlay.lines?.length ?? 1) - innerRows(bodyArea(size).height))
  return {...state, overlay: {...overlay, from: Math.min(Math.max(0, overlay.from + by), last)}}
}

function copied({overlay}: UiState): Effect[] {
  if (overlay?.kind !== 'slabs') return []
  return [{type: 'copy', text: `${overlay.lines?.join('\n') ?? ''}\n`, what: 'the table'}]
}
