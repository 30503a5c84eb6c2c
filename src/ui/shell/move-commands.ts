import {type Step, step} from '../core/effect.js'
import {scrollBy} from '../core/scroll.js'
import {selectedNode, type UiState} from '../core/ui-state.js'
import {innerRows} from '../draw/layout.js'
import {brokenPair} from '../node-view/pair-status.js'
import {moveMark, scrollTranscript} from '../screens/console/state/transcript-commands.js'
import {moveDrill, scrollDrill} from '../screens/drill/state/drill-commands.js'
import {scrollFull} from '../screens/load/state/full-commands.js'
import {moveProfile} from '../screens/load/state/load-commands.js'
import {nodesLayout} from '../screens/nodes/state/nodes-layout.js'
import {visibleNodes} from '../screens/nodes/state/nodes-state.js'
import {moveReport, readOlder, scrollReport} from '../screens/report/state/report-commands.js'

export const moveCommands = {
  'move.down': (state: UiState) => moved(move(state, 1)),
  'move.up': (state: UiState) => moved(move(state, -1)),
  'scroll.pageUp': (state: UiState) => scrollPages(state, -1),
  'scroll.pageDown': (state: UiState) => scrollPages(state, 1),
  'scroll.halfUp': (state: UiState) => scrollPages(state, -0.5),
  'scroll.halfDown': (state: UiState) => scrollPages(state, 0.5),
  'scroll.top': (state: UiState) => scrollPages(state, Number.NEGATIVE_INFINITY),
  'scroll.end': (state: UiState) => scrollPages(state, Number.POSITIVE_INFINITY),
}

function moved(state: UiState): Step<UiState> {
  return state.screen === 'report' ? readOlder(state) : step(state)
}

function move(state: UiState, by: number): UiState {
  switch (state.screen) {
    case 'nodes':
      return selectNode(state, by)
    case 'load':
      return state.load.full === null ? moveProfile(state, by) : (scrollFull(state, () => by) ?? state)
    case 'console':
      return moveMark(state, by)
    case 'drill':
      return moveDrill(state, by)
    case 'report':
      return moveReport(state, by)
  }
}

function selectNode(state: UiState, by: number): UiState {
  const nodes = visibleNodes(state.nodes, state.nodesView)
  const at = nodes.findIndex(node => node.name === selectedNode(state)?.name)
  const next = nodes[Math.min(Math.max(0, at + by), nodes.length - 1)]
  return {...state, selectedNode: next?.name ?? null}
}

function scrollPages(state: UiState, pages: number): Step<UiState> {
  // One line stays in sight, as a bearing.
  const linesOf = (height: number) =>
    Number.isFinite(pages) ? Math.sign(pages) * Math.max(1, Math.floor(Math.abs(pages) * (height - 1))) : pages
  switch (state.screen) {
    case 'nodes':
      return step(scrollEvents(state, linesOf))
    case 'console':
      return step(scrollTranscript(state, linesOf))
    case 'drill':
      return step(scrollDrill(state, linesOf))
    case 'report':
      return moved(scrollReport(state, linesOf))
    case 'load':
      return step(scrollFull(state, linesOf) ?? state)
  }
}

function scrollEvents(state: UiState, linesOf: (height: number) => number): UiState {
  const {events, eventsScroll, size, nodes} = state
  const height = innerRows(nodesLayout(size, nodes.length, brokenPair(state) !== undefined).events.height)
  return {...state, eventsScroll: scrollBy({scroll: eventsScroll, items: events, by: linesOf(height), height})}
}
