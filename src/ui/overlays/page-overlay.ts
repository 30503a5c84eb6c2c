import {type Effect, step} from '../core/effect.js'
import {defineOverlay} from '../core/overlay.js'
import type {UiState} from '../core/ui-state.js'
import {type Area, bodyArea, innerRows} from '../draw/layout.js'
import {PANE_SIDES} from '../draw/pane.js'
import {type Page, scrollPage, wrapLines} from './page.js'
import {pagePane} from './page-pane.js'

declare module '../core/part-types.js' {
  interface OverlayStates {
    page: PageOverlay
  }
}

/** A text that is being read over the screen. */
interface PageOverlay {
  readonly kind: 'page'
  readonly page: Page
}

const WIDTH_MOST = 90

export function showPage(state: UiState, page: Page): UiState {
  return {...state, overlay: {kind: 'page', page}}
}

export const pageOverlay = defineOverlay({
  kind: 'page',
  bindings: [
    {
      id: 'page.close',
      keys: ['esc', 'q', 'enter', '?'],
      modes: ['page'],
      label: 'back',
      always: true,
      help: 'close it',
    },
    {id: 'page.down', keys: ['j', 'down'], modes: ['page'], label: 'scroll', help: 'one line on'},
    {id: 'page.up', keys: ['k', 'up'], modes: ['page'], help: 'one line back'},
    {id: 'page.pageDown', keys: ['pagedown', ' ', 'ctrl+d'], modes: ['page'], help: 'one page on'},
    {id: 'page.pageUp', keys: ['pageup', 'ctrl+u'], modes: ['page'], help: 'one page back'},
    {id: 'page.copy', keys: ['y'], modes: ['page'], label: 'copy', help: 'copy the text'},
  ],
  commands: {
    'page.close': state => step({...state, overlay: null}),
    'page.down': state => step(scroll(state, () => 1)),
    'page.up': state => step(scroll(state, () => -1)),
    // One line stays in sight, as a bearing.
    'page.pageDown': state => step(scroll(state, rows => Math.max(1, rows - 1))),
    'page.pageUp': state => step(scroll(state, rows => -Math.max(1, rows - 1))),
    'page.copy': state => step(state, ...copied(state)),
  },
  mode: () => 'page',
  draw({page}, {area, theme}) {
    const size = pageArea(page, area)
    return {lines: pagePane(page, size, theme), area: size}
  },
})

/** A text over the screen takes no more room than it needs. */
function pageArea(page: Page, within: Area): Area {
  const width = Math.min(WIDTH_MOST, within.width)
  const rows = wrapLines(page.lines, width - PANE_SIDES).length + 2
  return {width, height: Math.min(rows, within.height)}
}

function scroll(state: UiState, linesOf: (rows: number) => number): UiState {
  const {overlay} = state
  if (overlay?.kind !== 'page') return state
  const {width, height} = pageArea(overlay.page, bodyArea(state.size))
  const inner = {width: width - PANE_SIDES, height: innerRows(height)}
  return showPage(state, scrollPage(overlay.page, linesOf(inner.height), inner))
}

function copied({overlay}: UiState): Effect[] {
  if (overlay?.kind !== 'page') return []
  return [{type: 'copy', text: `${overlay.page.lines.join('\n')}\n`, what: 'the text'}]
}
