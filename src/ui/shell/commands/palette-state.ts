import type {UiState} from '../../core/ui-state.js'

declare module '../../core/part-types.js' {
  interface OverlayStates {
    palette: Palette
  }
}

/** The palette: a command by its name. */
export interface Palette {
  readonly kind: 'palette'
  readonly text: string
  readonly marked: number
}

export function openPalette(state: UiState): UiState {
  return {...state, overlay: {kind: 'palette', text: '', marked: 0}}
}
