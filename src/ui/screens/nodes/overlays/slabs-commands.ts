import {type Step, step} from '../../../core/effect.js'
import type {Overlay, SlabsView} from '../../../core/overlay.js'
import {selectedNode, type UiState} from '../../../core/ui-state.js'
import {bodyArea, innerRows} from '../../../draw/layout.js'

export const slabsCommands = {
  'node.slabs': (state: UiState) => {
    const node = selectedNode(state)
    if (node === undefined)
      return step({...state, notice: {tone: 'bad', text: 'No node yet: n launches a pair'}} as const)
    return show(state, node.name)
  },
  'slabs.next': (state: UiState) => neighbour(state, 1),
  'slabs.previous': (state: UiState) => neighbour(state, -1),
  'slabs.down': (state: UiState) => step(scroll(state, 1)),
  'slabs.up': (state: UiState) => step(scroll(state, -1)),
  'slabs.copy': (state: UiState) => {
    const {overlay} = state
    if (overlay?.kind !== 'slabs') return step(state)
    return step(state, {type: 'copy', text: `${overlay.lines?.join('\n') ?? ''}\n`, what: 'the table'})
  },
  'slabs.close': (state: UiState) => step({...state, overlay: null}, {type: 'watchSlabs', node: null}),
}

/** The table that was read just now. */
export function addSlabs(overlay: Overlay | null, {node, lines}: {node: string; lines: readonly string[]}) {
  return overlay?.kind === 'slabs' && overlay.node === node ? {...overlay, lines} : overlay
}

function show(state: UiState, node: string): Step<UiState> {
  const overlay: SlabsView = {kind: 'slabs', node, lines: null, from: 0}
  return step({...state, selectedNode: node, overlay}, {type: 'watchSlabs', node})
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
