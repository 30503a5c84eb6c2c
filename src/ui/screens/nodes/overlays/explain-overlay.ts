import {type Step, step} from '../../../core/effect.js'
import {defineOverlay} from '../../../core/overlay.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {explainPane} from './explain-pane.js'

export const explainOverlay = defineOverlay({
  kind: 'explain',
  bindings: [
    {id: 'explain.up', keys: ['k', 'up', 'pageup'], modes: ['explain'], label: 'earlier', help: 'the previous event'},
    {id: 'explain.down', keys: ['j', 'down', 'pagedown'], modes: ['explain'], label: 'later', help: 'the next event'},
    {
      id: 'explain.close',
      keys: ['esc', 'q', 'e'],
      modes: ['explain'],
      label: 'back',
      always: true,
      help: 'close the explanation',
    },
  ],
  commands: {
    'explain.up': state => step(mark(state, -1)),
    'explain.down': state => step(mark(state, 1)),
    'explain.close': state => step({...state, overlay: null}),
  },
  mode: () => 'explain',
  draw: (view, {area, theme, session}) => ({lines: explainPane(view, {advice: session.advice, area}, theme), area}),
})

/** Begins with the newest event that asks for attention, for that is why somebody asks. */
export function openExplanation(state: UiState): Step<UiState> {
  const {events, session} = state
  if (events.length === 0) return refuse(state, 'No events yet')
  const telling = events.findLastIndex(({kind}) => (session.advice?.[kind].weight ?? 'info') !== 'info')
  return step({...state, overlay: {kind: 'explain', events, marked: telling === -1 ? events.length - 1 : telling}})
}

function mark(state: UiState, by: number): UiState {
  const {overlay} = state
  if (overlay?.kind !== 'explain') return state
  const marked = Math.min(Math.max(0, overlay.marked + by), overlay.events.length - 1)
  return {...state, overlay: {...overlay, marked}}
}
