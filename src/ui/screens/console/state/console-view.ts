import {following, type Scroll} from '../../../core/scroll.js'
import type {UiState} from '../../../core/ui-state.js'
import {innerRows} from '../../../draw/layout.js'
import {PANE_SIDES} from '../../../draw/pane.js'
import {consoleLayout, sessionsInSight} from './console-layout.js'
import {type SessionView, targetSession} from './console-state.js'
import {type TranscriptLine, transcriptLines} from './transcript-lines.js'

export interface TranscriptInPane {
  readonly items: readonly TranscriptLine[]
  readonly height: number
  readonly scroll: Scroll<TranscriptLine>
}

/** The lines of a session's transcript at the width of its pane. */
export function transcriptOf(
  {size, console}: Pick<UiState, 'size' | 'console'>,
  session: SessionView,
): TranscriptInPane {
  const {sessions, clearedMs, scrolls, times, full} = console
  const {paneWidths, paneHeight} = consoleLayout(size, sessions.length, full)
  const inSight = sessionsInSight(sessions, targetSession(console), paneWidths.length)
  const width = paneWidths[inSight.indexOf(session)] ?? paneWidths[0] ?? 0
  return {
    items: transcriptLines(session.entries, {width: width - PANE_SIDES, afterMs: clearedMs, times}),
    height: innerRows(paneHeight),
    scroll: scrolls[session.node] ?? following,
  }
}

/** The line of the target's transcript that is marked; undefined: none is. */
export function markedLine(state: Pick<UiState, 'size' | 'console'>): TranscriptLine | undefined {
  const session = targetSession(state.console)
  const {marked} = state.console
  if (session === undefined || marked === null) return undefined
  const {scroll} = transcriptOf(state, session)
  return scroll.mode === 'held' ? scroll.items[marked] : undefined
}
