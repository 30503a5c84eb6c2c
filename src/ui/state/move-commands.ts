import {PANE_SIDES} from '../draw/pane.js'
import {consoleLayout} from './console-layout.js'
import type {ConsoleView} from './console-state.js'
import {targetSession} from './console-state.js'
import {moveDrill, scrollDrill} from './drill-commands.js'
import {type Step, step} from './effect.js'
import {innerRows} from './layout.js'
import {moveProfile} from './load-commands.js'
import {nodesLayout} from './nodes-layout.js'
import {brokenPair} from './pair-status.js'
import {moveReport, scrollReport} from './report-commands.js'
import {following, type Scroll, scrollBy} from './scroll.js'
import {type TranscriptLine, transcriptLines} from './transcript-lines.js'
import {selectedNode, type UiState} from './ui-state.js'

export const moveCommands = {
  'move.down': (state: UiState) => step(move(state, 1)),
  'move.up': (state: UiState) => step(move(state, -1)),
  'scroll.pageUp': (state: UiState) => scrollPages(state, -1),
  'scroll.pageDown': (state: UiState) => scrollPages(state, 1),
  'scroll.halfUp': (state: UiState) => scrollPages(state, -0.5),
  'scroll.halfDown': (state: UiState) => scrollPages(state, 0.5),
  'scroll.top': (state: UiState) => scrollPages(state, Number.NEGATIVE_INFINITY),
  'scroll.end': (state: UiState) => scrollPages(state, Number.POSITIVE_INFINITY),
}

function move(state: UiState, by: number): UiState {
  switch (state.screen) {
    case 'nodes':
      return selectNode(state, by)
    case 'load':
      return moveProfile(state, by)
    case 'console':
      return scrollTranscript(state, () => by)
    case 'drill':
      return moveDrill(state, by)
    case 'report':
      return moveReport(state, by)
  }
}

function selectNode(state: UiState, by: number): UiState {
  const {nodes} = state
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
      return step(scrollReport(state, linesOf))
    case 'load':
      return step(state)
  }
}

function scrollEvents(state: UiState, linesOf: (height: number) => number): UiState {
  const {events, eventsScroll, size, nodes} = state
  const height = innerRows(nodesLayout(size, nodes.length, brokenPair(state) !== undefined).events.height)
  return {...state, eventsScroll: scrollBy({scroll: eventsScroll, items: events, by: linesOf(height), height})}
}

function scrollTranscript(state: UiState, linesOf: (height: number) => number): UiState {
  const session = targetSession(state.console)
  if (session === undefined) return state
  const {scrolls} = state.console
  const {items, height} = transcriptOf(state, session)
  const scroll = scrollBy({scroll: scrolls[session.node] ?? following, items, by: linesOf(height), height})
  return {...state, console: {...state.console, scrolls: {...scrolls, [session.node]: scroll}}}
}

/** The lines of a session's transcript at the width of its pane. */
export function transcriptOf(
  {size, console}: Pick<UiState, 'size' | 'console'>,
  session: ConsoleView,
): {items: readonly TranscriptLine[]; height: number; scroll: Scroll<TranscriptLine>} {
  const {sessions, clearedMs, scrolls} = console
  const {paneWidths, paneHeight} = consoleLayout(size, sessions.length)
  const width = paneWidths[sessions.indexOf(session)] ?? paneWidths[0] ?? 0
  return {
    items: transcriptLines(session.entries, {width: width - PANE_SIDES, afterMs: clearedMs}),
    height: innerRows(paneHeight),
    scroll: scrolls[session.node] ?? following,
  }
}
