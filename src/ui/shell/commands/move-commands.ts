import type {Binding} from '../../core/binding.js'
import type {Step} from '../../core/effect.js'
import type {UiState} from '../../core/ui-state.js'
import {rowsOf} from './rows.js'
import {screenOf, screens} from './screens.js'

const everywhere: Pick<Binding, 'screens'> = {screens: screens.map(({id}) => id)}

/** Keys that mark something else or scroll, on whatever screen. */
export const moveRows = rowsOf({
  bindings: [
    {id: 'move.down', keys: ['j', 'down'], modes: ['nav'], help: 'next node, profile, drill, run or line'},
    {id: 'move.up', keys: ['k', 'up'], modes: ['nav'], help: 'previous node, profile, drill, run or line'},
    {
      id: 'scroll.pageUp',
      keys: ['pageup'],
      modes: ['nav', 'insert'],
      ...everywhere,
      label: 'scroll',
      help: 'scroll back; stops following',
      needs: state => state.nodes.length > 0 && (screenOf(state).canScroll?.(state) ?? true),
    },
    {
      id: 'scroll.pageDown',
      keys: ['pagedown'],
      modes: ['nav', 'insert'],
      ...everywhere,
      help: 'scroll on; at the end: follow again',
    },
    {id: 'scroll.halfUp', keys: ['ctrl+u'], modes: ['nav'], ...everywhere, help: 'scroll half a page back'},
    {id: 'scroll.halfDown', keys: ['ctrl+d'], modes: ['nav'], ...everywhere, help: 'scroll half a page on'},
    {id: 'scroll.top', keys: ['g', 'home'], modes: ['nav'], ...everywhere, help: 'to the oldest line'},
    {id: 'scroll.end', keys: ['G', 'end'], modes: ['nav'], ...everywhere, help: 'to the newest line, and follow'},
  ],
  commands: {
    'move.down': state => screenOf(state).move(state, 1),
    'move.up': state => screenOf(state).move(state, -1),
    'scroll.pageUp': state => scrollPages(state, -1),
    'scroll.pageDown': state => scrollPages(state, 1),
    'scroll.halfUp': state => scrollPages(state, -0.5),
    'scroll.halfDown': state => scrollPages(state, 0.5),
    'scroll.top': state => scrollPages(state, Number.NEGATIVE_INFINITY),
    'scroll.end': state => scrollPages(state, Number.POSITIVE_INFINITY),
  },
})

function scrollPages(state: UiState, pages: number): Step<UiState> {
  // One line stays in sight, as a bearing.
  const linesOf = (height: number) =>
    Number.isFinite(pages) ? Math.sign(pages) * Math.max(1, Math.floor(Math.abs(pages) * (height - 1))) : pages
  return screenOf(state).scroll(state, linesOf)
}
