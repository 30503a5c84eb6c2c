import type {Binding} from '../../core/binding.js'
import {step} from '../../core/effect.js'
import type {UiState} from '../../core/ui-state.js'
import {bodyArea} from '../../draw/layout.js'
import {type Row, rowsOf} from '../commands/rows.js'
import {scrollHelp} from './help.js'

/** Keys of the help, which lists all keys: those of `table()`. */
export function helpRows(table: () => readonly Binding[]): readonly Row[] {
  const scroll = (state: UiState, by: number) => step(scrolled(state, by, table()))
  const page = ({size}: UiState) => bodyArea(size).height - 4
  return rowsOf({
    bindings: [
      {id: 'help.close', keys: ['esc', '?', 'q', 'enter'], modes: ['help'], label: 'close', help: 'close the help'},
      {id: 'help.down', keys: ['j', 'down'], modes: ['help'], label: 'scroll', help: 'one line on'},
      {id: 'help.up', keys: ['k', 'up'], modes: ['help'], help: 'one line back'},
      {id: 'help.pageDown', keys: ['pagedown', ' ', 'ctrl+d'], modes: ['help'], label: 'page', help: 'one page on'},
      {id: 'help.pageUp', keys: ['pageup', 'ctrl+u'], modes: ['help'], help: 'one page back'},
      {id: 'help.top', keys: ['g', 'home'], modes: ['help'], help: 'to the first line'},
      {id: 'help.end', keys: ['G', 'end'], modes: ['help'], help: 'to the last line'},
    ],
    commands: {
      'help.close': state => step({...state, help: null}),
      'help.down': state => scroll(state, 1),
      'help.up': state => scroll(state, -1),
      // Two lines stay in sight, as a bearing.
      'help.pageDown': state => scroll(state, page(state)),
      'help.pageUp': state => scroll(state, -page(state)),
      'help.top': state => scroll(state, Number.NEGATIVE_INFINITY),
      'help.end': state => scroll(state, Number.POSITIVE_INFINITY),
    },
  })
}

function scrolled(state: UiState, by: number, table: readonly Binding[]): UiState {
  const {help, session, size, screen} = state
  if (help === null) return state
  return {...state, help: scrollHelp({from: help, readonly: session.readonly, screen, table}, by, bodyArea(size))}
}
