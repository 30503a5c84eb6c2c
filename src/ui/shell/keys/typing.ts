import {type Step, step} from '../../core/effect.js'
import type {Typing} from '../../core/screen.js'
import type {UiState} from '../../core/ui-state.js'
import {rowsOf} from '../commands/rows.js'
import {screenOf} from '../commands/screens.js'
import {overlayPartOf} from './overlays.js'

/** Keys of a filter that is being typed, be it of a log, of the nodes or of the runs. */
export const filterRows = rowsOf({
  bindings: [
    {id: 'filter.accept', keys: ['enter'], modes: ['filter'], label: 'keep', help: 'keep the filter'},
    {id: 'filter.cancel', keys: ['esc'], modes: ['filter'], label: 'no filter', always: true, help: 'no filter'},
    {id: 'filter.erase', keys: ['backspace'], modes: ['filter'], help: 'delete the last character'},
    {id: 'filter.clear', keys: ['ctrl+u'], modes: ['filter'], help: 'delete all of it'},
  ],
  commands: {
    'filter.accept': state => step(close(state)),
    'filter.cancel': state => step(close(edit(state, () => ''))),
    'filter.erase': state => step(edit(state, text => Array.from(text).slice(0, -1).join(''))),
    'filter.clear': state => step(edit(state, () => '')),
  },
})

/** Types characters into what has the keys. */
export function typeText(state: UiState, text: string): UiState {
  return text === '' ? state : (typingOf(state)?.type(state, text) ?? state)
}

/** Of a text that is pasted into anything but a console, the first line, without control characters. */
export function pasteText(state: UiState, text: string): Step<UiState> {
  const typing = typingOf(state)
  if (typing?.paste !== undefined) return typing.paste(state, text)
  const [line = ''] = text.trimStart().split(/[\r\n]/)
  return step(typeText(state, line.replaceAll(/\p{Cc}/gu, '')))
}

/** Where characters go; null: nowhere, for keys are commands. */
function typingOf(state: UiState): Typing | null {
  if (state.dialog !== null || state.help !== null) return null
  if (state.overlay !== null) return overlayPartOf(state)?.typing ?? null
  const screen = screenOf(state)
  return (screen.mode?.(state) ?? 'nav') === 'nav' ? null : (screen.typing ?? null)
}

function edit(state: UiState, change: (text: string) => string): UiState {
  return typingOf(state)?.edit?.(state, change) ?? state
}

function close(state: UiState): UiState {
  return typingOf(state)?.close?.(state) ?? state
}
