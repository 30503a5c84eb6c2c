import {createContext, use} from 'react'
import {useStore} from 'zustand'
import type {StoreApi} from 'zustand/vanilla'
import {allGlyphs, type Glyphs} from '../draw/glyphs.js'
import type {Theme} from '../draw/theme.js'
import {darkTheme} from '../draw/theme.js'
import type {Painter} from '../paint/painter.js'
import type {TerminalControl} from '../paint/terminal-control.js'
import type {Action} from './action.js'
import type {UiState} from './ui-state.js'

/** The state, and the one way to change it. */
export interface UiStore {
  readonly state: StoreApi<UiState>
  readonly dispatch: (action: Action) => void
}

interface UiContextValue {
  readonly store: UiStore
  readonly theme: Theme
  /** What the terminal's font lacks is replaced. */
  readonly glyphs?: Glyphs
  /** These two are absent where frames are drawn without a terminal. */
  readonly terminal?: TerminalControl
  readonly painter?: Painter
}

export const UiContext = createContext<UiContextValue | null>(null)

function useUiContext(): UiContextValue {
  const value = use(UiContext)
  if (value === null) throw new Error('Expected a UiContext around this component, got none')
  return value
}

/** What a pane draws; it is drawn again only when this changes. */
export function useUi<Selected>(selector: (state: UiState) => Selected): Selected {
  return useStore(useUiContext().store.state, selector)
}

/** Asks the state as it is when it is asked; nothing is drawn again for it. */
export function useAsk<Answer>(selector: (state: UiState) => Answer): () => Answer {
  const {store} = useUiContext()
  return () => selector(store.state.getState())
}

export function useDispatch(): UiStore['dispatch'] {
  return useUiContext().store.dispatch
}

export function useGlyphs(): Glyphs {
  return use(UiContext)?.glyphs ?? allGlyphs
}

export function useTerminal(): TerminalControl | undefined {
  return useUiContext().terminal
}

export function usePainter(): Painter | undefined {
  return use(UiContext)?.painter
}

export function useTheme(): Theme {
  return use(UiContext)?.theme ?? darkTheme
}
