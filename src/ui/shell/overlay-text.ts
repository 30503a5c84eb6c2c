import {following} from '../core/scroll.js'
import type {UiState} from '../core/ui-state.js'
import {typeIntoFormOverlay} from '../overlays/form-commands.js'

/** Changes the text that is being typed into a filter or the palette. */
export function editOverlay(state: UiState, edit: (text: string) => string): UiState {
  const {overlay} = state
  if (overlay?.kind === 'reportFilter') {
    const {report} = state
    return {...state, report: {...report, filter: edit(report.filter)}}
  }
  if (overlay?.kind === 'palette') return {...state, overlay: {...overlay, text: edit(overlay.text), marked: 0}}
  if (overlay === null && state.nodesView.typing) {
    return {...state, nodesView: {...state.nodesView, filter: edit(state.nodesView.filter)}}
  }
  if (overlay?.kind !== 'log' || !overlay.typing) return state
  return {...state, overlay: {...overlay, filter: edit(overlay.filter), scroll: following}}
}

export function typeIntoOverlay(state: UiState, text: string): UiState {
  if (state.overlay?.kind === 'form') return typeIntoFormOverlay(state, text)
  return text === '' ? state : editOverlay(state, before => before + text)
}

/** The first line of what is pasted, without control characters. */
export function pasteIntoOverlay(state: UiState, text: string): UiState {
  const [line = ''] = text.trimStart().split(/[\r\n]/)
  return typeIntoOverlay(state, line.replaceAll(/\p{Cc}/gu, ''))
}

export function withoutLast(text: string): string {
  return Array.from(text).slice(0, -1).join('')
}
