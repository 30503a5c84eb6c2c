import type {TranscriptEntry} from '../../../../telnet/transcript/transcript.js'
import {type Step, step} from '../../../core/effect.js'
import {following, type Scroll, scrollBy} from '../../../core/scroll.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {type ConsoleState, targetSession} from './console-state.js'
import {markedLine, transcriptOf} from './console-view.js'
import {openReplyExplanation} from './reply-explanation.js'
import type {TranscriptLine} from './transcript-lines.js'

export const transcriptCommands = {
  'console.explain': explain,
  'console.copy': copy,
  'console.times': (state: UiState) => step(changed(state, {times: !state.console.times, marked: null, scrolls: {}})),
  'console.full': (state: UiState) => step(changed(state, {full: !state.console.full, marked: null, scrolls: {}})),
  'console.clear': (state: UiState) =>
    step(changed(state, {clearedMs: newestEntryMs(state.console), scrolls: {}, marked: null})),
  'console.save': (state: UiState) =>
    state.console.sessions.length === 0
      ? refuse(state, 'Nothing to save yet: i types to a node')
      : step(state, {type: 'console', request: {type: 'save'}}),
}

/** Scrolls the target's transcript by lines; what was marked stays so while it is in sight. */
export function scrollTranscript(state: UiState, linesOf: (height: number) => number): UiState {
  const session = targetSession(state.console)
  if (session === undefined) return state
  const {items, height, scroll} = transcriptOf(state, session)
  const next = scrollBy({scroll, items, by: linesOf(height), height})
  return withScroll(state, session.node, next, keptMark(state.console.marked, next, height))
}

/** Moves the mark by a line; from the end on, it begins at the newest line, and below that it is gone. */
export function moveMark(state: UiState, by: number): UiState {
  const session = targetSession(state.console)
  if (session === undefined) return state
  const {items, height, scroll} = transcriptOf(state, session)
  const list = scroll.mode === 'held' ? scroll.items : items
  const end = list.length - (scroll.mode === 'held' ? scroll.fromEnd : 0)
  const {marked} = state.console
  if (marked === null && by > 0) return scrollTranscript(state, () => by)
  const next = Math.max(0, marked === null ? end - 1 : marked + by)
  if (list.length === 0) return state
  if (next >= list.length) return withScroll(state, session.node, following, null)
  // Just so far that the marked line is in sight.
  const first = Math.max(0, end - height)
  const shownEnd = next < first ? Math.min(list.length, next + height) : Math.max(end, next + 1)
  return withScroll(state, session.node, {mode: 'held', items: list, fromEnd: list.length - shownEnd}, next)
}

/** What the marked line means, or the newest one of the node. */
export function explain(state: UiState): Step<UiState> {
  const line = markedLine(state)?.entry ?? newestReply(targetSession(state.console)?.entries ?? [])
  return line === undefined ? refuse(state, 'No reply to explain yet') : openReplyExplanation(state, line)
}

function newestReply(entries: readonly TranscriptEntry[]): TranscriptEntry | undefined {
  return entries.findLast(({kind}) => kind === 'received') ?? entries.at(-1)
}

function copy(state: UiState): Step<UiState> {
  const line = markedLine(state)
  const session = targetSession(state.console)
  if (line !== undefined) return step(state, {type: 'copy', text: line.entry.text, what: 'the line'})
  if (session === undefined) return refuse(state, 'Nothing to copy yet')
  const text = session.entries.map(entry => `${entry.text}\n`).join('')
  return step(state, {type: 'copy', text, what: `the transcript of ${session.node}`, keep: 'end'})
}

function keptMark(marked: number | null, scroll: Scroll<TranscriptLine>, height: number): number | null {
  if (marked === null || scroll.mode === 'follow') return null
  const end = scroll.items.length - scroll.fromEnd
  return Math.min(Math.max(marked, end - height), end - 1)
}

function withScroll(state: UiState, node: string, scroll: Scroll<TranscriptLine>, marked: number | null): UiState {
  return changed(state, {scrolls: {...state.console.scrolls, [node]: scroll}, marked})
}

function newestEntryMs({sessions}: ConsoleState): number {
  return Math.max(...sessions.map(({entries}) => entries.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY))
}

function changed(state: UiState, console: Partial<ConsoleState>): UiState {
  return {...state, console: {...state.console, ...console}}
}
