import {type Effect, type Step, step} from '../../../core/effect.js'
import {type EditCommand, edit, insertText, lineText, pasteText, submitLine} from '../../../core/line-editor.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {checkKeyOf, keyOfCommand, openAddressForm, openReplayForm} from './console-questions.js'
import {type ConsoleState, targetSession} from './console-state.js'
import {isReadOnlyLine} from './read-only-line.js'
import {openReplyExplanation} from './reply-explanation.js'
import {openTelnetPrompt} from './telnet-prompt.js'
import {explain} from './transcript-commands.js'

export const consoleCommands = {
  'console.type': (state: UiState) => openConsole(state, state.console.target),
  'console.next': (state: UiState) => nextTarget(state, 1),
  'console.nextNav': (state: UiState) => nextTarget(state, 1),
  'console.previous': (state: UiState) => nextTarget(state, -1),
  'console.previousNav': (state: UiState) => nextTarget(state, -1),
  'console.send': (state: UiState) => send(state, [targetOf(state)]),
  'console.sendBoth': (state: UiState) =>
    send(
      state,
      state.console.sessions.map(({node}) => node),
    ),
  'console.verify': checkKeyOf,
  'console.open': openAddressForm,
  'console.replay': openReplayForm,
  'console.escape': openTelnetPrompt,
  ...editCommands([
    'left',
    'right',
    'wordLeft',
    'wordRight',
    'start',
    'end',
    'backspace',
    'delete',
    'killWord',
    'killToStart',
    'killToEnd',
    'yank',
    'older',
    'newer',
  ]),
}

/** Shows the Console screen, ready to type to this node. */
export function openConsole(state: UiState, node: string | null): Step<UiState> {
  const {nodes} = state
  const typing = nodes.length > 0 || state.console.sessions.length > 0
  return step(
    {...state, screen: 'console', console: {...state.console, typing, target: node, marked: null}},
    {type: 'console', request: {type: 'openAll'}},
  )
}

export function typeText(state: UiState, text: string): UiState {
  return changed(state, {editor: insertText(state.console.editor, text)})
}

export function paste(state: UiState, text: string): Step<UiState> {
  const {editor, lines} = pasteText(state.console.editor, text)
  const target = targetOf(state)
  const refused = state.session.readonly ? lines.find(line => !isReadOnlyLine(line)) : undefined
  if (refused !== undefined) return refuseLine(state, refused)
  const effects: Effect[] = lines.map(line => ({type: 'console', request: {type: 'send', nodes: [target], line}}))
  return step(changed(state, {editor, scrolls: {}, marked: null, ...entered(state, ...lines)}), ...effects)
}

function send(state: UiState, nodes: readonly string[]): Step<UiState> {
  const session = targetSession(state.console)
  const isCommand = session?.dataBytesExpected == null
  const asked = /^\s*\?\s*(.*)$/.exec(lineText(state.console.editor))?.[1]
  const {editor, line} = submitLine(state.console.editor)
  const sent = changed(state, {editor, scrolls: {}, marked: null, ...entered(state, line)})
  // No command of memcached begins so.
  if (isCommand && asked !== undefined) {
    return asked === '' ? explain(sent) : openReplyExplanation(sent, {kind: 'received', text: asked})
  }
  if (state.session.readonly && !isReadOnlyLine(line)) return refuseLine(state, line)
  // Sending shows the newest lines again: an answer out of sight would look like none.
  return step(sent, {type: 'console', request: {type: 'send', nodes, line}})
}

function entered({console}: UiState, ...lines: readonly string[]): Pick<ConsoleState, 'enteredKey'> {
  return {enteredKey: lines.map(keyOfCommand).findLast(key => key !== null) ?? console.enteredKey}
}

function refuseLine(state: UiState, line: string): Step<UiState> {
  return refuse(state, `--readonly: only get, gets, stats, version and quit are sent, not '${line}'`)
}

/** One level back: out of the marked line, the input line, the pane alone; null: out of the screen. */
export function backInConsole(state: UiState): UiState | null {
  const {marked, typing, full} = state.console
  if (marked !== null) return changed(state, {marked: null, scrolls: {}})
  if (typing) return changed(state, {typing: false})
  return full ? changed(state, {full: false}) : null
}

function nextTarget(state: UiState, by: number): Step<UiState> {
  const {sessions} = state.console
  const at = sessions.findIndex(({node}) => node === targetOf(state))
  const next = sessions[(at + by + sessions.length) % Math.max(1, sessions.length)]
  return step(changed(state, {target: next?.node ?? null, marked: null}))
}

function targetOf({console}: UiState): string {
  return targetSession(console)?.node ?? ''
}

function changed(state: UiState, console: Partial<ConsoleState>): UiState {
  return {...state, console: {...state.console, ...console}}
}

function editCommands<Name extends EditCommand>(names: readonly Name[]) {
  const entries = names.map(name => [
    `edit.${name}`,
    (state: UiState) => step(changed(state, {editor: edit(state.console.editor, name)})),
  ])
  return Object.fromEntries(entries) as Record<`edit.${Name}`, (state: UiState) => Step<UiState>>
}
