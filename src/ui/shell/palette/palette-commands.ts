import {type Step, step} from '../../core/effect.js'
import type {UiState} from '../../core/ui-state.js'
import {launch} from '../../screens/nodes/state/launch-commands.js'
import type {CommandId} from '../keys.js'
import {editOverlay, withoutLast} from '../overlay-text.js'
import {type PaletteEntry, paletteEntries} from './palette.js'

/** `run` does what a row of the key table says. */
export function paletteCommands(run: (state: UiState, id: CommandId) => Step<UiState>) {
  return {
    'palette.open': (state: UiState) => step<UiState>({...state, overlay: {kind: 'palette', text: '', marked: 0}}),
    'palette.close': (state: UiState) => step({...state, overlay: null}),
    'palette.accept': (state: UiState) => {
      const entry = markedEntry(state)
      if (entry === undefined) return step(state)
      const closed = {...state, overlay: null}
      if ('of' in entry.does) {
        const {of, argument} = entry.does
        // Without its argument it is written out, and waits for it.
        return argument === '' ? step(editOverlay(state, () => `${of.name} `)) : of.take(closed, argument)
      }
      if ('launch' in entry.does) return launch(closed, entry.does.launch)
      const {command, screen} = entry.does
      return run(screen === null ? closed : {...closed, screen}, command)
    },
    'palette.complete': (state: UiState) => step(editOverlay(state, text => completed(markedEntry(state)) ?? text)),
    'palette.down': (state: UiState) => step(mark(state, 1)),
    'palette.up': (state: UiState) => step(mark(state, -1)),
    'palette.erase': (state: UiState) => step(editOverlay(state, withoutLast)),
    'palette.clear': (state: UiState) => step(editOverlay(state, () => '')),
  }
}

/** What is marked, written out; of something that wants an argument its name. */
function completed(entry: PaletteEntry | undefined): string | undefined {
  return entry !== undefined && 'of' in entry.does ? `${entry.does.of.name} ${entry.does.argument}` : entry?.name
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
