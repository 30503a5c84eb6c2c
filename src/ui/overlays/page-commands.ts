import {type Step, step} from '../core/effect.js'
import type {UiState} from '../core/ui-state.js'
import {bodyArea, innerRows} from '../draw/layout.js'
import {PANE_SIDES} from '../draw/pane.js'
import {scrollPage} from './page.js'
import {pageArea} from './page-area.js'

export const pageCommands = {
  'page.close': (state: UiState) => step<UiState>({...state, overlay: null}),
  'page.down': (state: UiState) => step(scroll(state, () => 1)),
  'page.up': (state: UiState) => step(scroll(state, () => -1)),
  // One line stays in sight, as a bearing.
  'page.pageDown': (state: UiState) => step(scroll(state, rows => Math.max(1, rows - 1))),
  'page.pageUp': (state: UiState) => step(scroll(state, rows => -Math.max(1, rows - 1))),
  'page.copy': copy,
}

function scroll(state: UiState, linesOf: (rows: number) => number): UiState {
  const {overlay} = state
  if (overlay?.kind !== 'page') return state
  const {width, height} = pageArea(overlay.page, bodyArea(state.size))
  const inner = {width: width - PANE_SIDES, height: innerRows(height)}
  return {...state, overlay: {...overlay, page: scrollPage(overlay.page, linesOf(inner.height), inner)}}
}

function copy(state: UiState): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind !== 'page') return step(state)
  return step(state, {type: 'copy', text: `${overlay.page.lines.join('\n')}\n`, what: 'the text'})
}
