import {type Step, step} from '../../core/effect.js'
import {defineOverlay} from '../../core/overlay.js'
import type {UiState} from '../../core/ui-state.js'
import type {Area} from '../../draw/layout.js'
import {type PaletteEntry, paletteEntries} from './palette.js'
import {palettePane} from './palette-pane.js'

const WIDTH_MOST = 100
const HEIGHT_MOST = 15

export const paletteOverlay = defineOverlay({
  kind: 'palette',
  bindings: [
    {id: 'palette.accept', keys: ['enter'], modes: ['command'], label: 'do it', help: 'do what is marked'},
    {id: 'palette.complete', keys: ['tab'], modes: ['command'], label: 'complete', help: 'write out what is marked'},
    {id: 'palette.down', keys: ['down', 'ctrl+n'], modes: ['command'], label: 'next', help: 'mark the next'},
    {id: 'palette.up', keys: ['up', 'ctrl+p'], modes: ['command'], help: 'mark the previous one'},
    {id: 'palette.erase', keys: ['backspace'], modes: ['command'], help: 'delete the last character'},
    {id: 'palette.clear', keys: ['ctrl+u'], modes: ['command'], help: 'delete all of it'},
    {id: 'palette.close', keys: ['esc'], modes: ['command'], label: 'back', always: true, help: 'do nothing'},
  ],
  commands: {
    'palette.accept': accept,
    'palette.complete': state => step(edit(state, text => markedEntry(state)?.completed ?? text)),
    'palette.down': state => step(mark(state, 1)),
    'palette.up': state => step(mark(state, -1)),
    'palette.erase': state => step(edit(state, text => Array.from(text).slice(0, -1).join(''))),
    'palette.clear': state => step(edit(state, () => '')),
    'palette.close': state => step({...state, overlay: null}),
  },
  mode: () => 'command',
  typing: {type: (state, text) => edit(state, before => before + text)},
  draw(palette, {area, theme, ...state}) {
    const menu = menuArea(area)
    return {lines: palettePane(palette, {...state, area: menu}, theme), area: menu}
  },
})

function accept(state: UiState): Step<UiState> {
  const entry = markedEntry(state)
  if (entry === undefined) return step(state)
  // Without its argument a command is written out, and waits for it.
  return entry.take === null ? step(edit(state, () => entry.completed)) : entry.take({...state, overlay: null})
}

function markedEntry(state: UiState): PaletteEntry | undefined {
  const {overlay} = state
  return overlay?.kind === 'palette' ? paletteEntries(overlay.text, state)[overlay.marked] : undefined
}

function mark(state: UiState, by: number): UiState {
  const {overlay} = state
  if (overlay?.kind !== 'palette') return state
  const last = paletteEntries(overlay.text, state).length - 1
  return {...state, overlay: {...overlay, marked: Math.min(Math.max(0, overlay.marked + by), Math.max(0, last))}}
}

function edit(state: UiState, change: (text: string) => string): UiState {
  const {overlay} = state
  return overlay?.kind === 'palette' ? {...state, overlay: {...overlay, text: change(overlay.text), marked: 0}} : state
}

function menuArea({width, height}: Area): Area {
  return {width: Math.min(WIDTH_MOST, width - 4), height: Math.min(HEIGHT_MOST, height)}
}
