import {type ConsoleState, targetSession} from './console-state.js'
import {type Effect, type Step, step} from './effect.js'
import {type EditCommand, edit, insertText, pasteText, submitLine} from './line-editor.js'
import {isReadOnlyLine} from './read-only-line.js'
import type {UiState} from './ui-state.js'

export const consoleCommands = {
  'console.type': (state: UiState) => openConsole(state, state.console.target),
  'console.next': nextTarget,
  'console.nextNav': nextTarget,
  'console.send': (state: UiState) => send(state, [targetOf(state)]),
  'console.sendBoth': (state: UiState) =>
    send(
      state,
      state.console.sessions.map(({node}) => node),
    ),
  'console.clear': (state: UiState) => step(changed(state, {clearedMs: newestEntryMs(state.console), scrolls: {}})),
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
  return step(
    {...state, screen: 'console', console: {...state.console, typing: nodes.length > 0, target: node}},
    {type: 'openConsoles'},
  )
}

export function typeText(state: UiState, text: string): UiState {
  return changed(state, {editor: insertText(state.console.editor, text)})
}

export function paste(state: UiState, text: string): Step<UiState> {
  const {editor, lines} = pasteText(state.console.editor, text)
  const target = targetOf(state)
  const refused = state.session.readonly ? lines.find(line => !isReadOnlyLine(line)) : undefined
  if (refused !== undefined) return refuse(state, refused)
  const effects: Effect[] = lines.map(line => ({type: 'send', nodes: [target], line}))
  return step(changed(state, {editor, scrolls: {}}), ...effects)
}

function send(state: UiState, nodes: readonly string[]): Step<UiState> {
  const {editor, line} = submitLine(state.console.editor)
  if (state.session.readonly && !isReadOnlyLine(line)) return refuse(state, line)
  // Sending shows the newest lines again: an answer out of sight would look like none.
  return step(changed(state, {editor, scrolls: {}}), {type: 'send', nodes, line})
}

function refuse(state: UiState, line: string): Step<UiState> {
  const text = `Only looking (--readonly): get, gets, stats, version and quit are sent, not '${line}'`
  return step({...state, notice: {tone: 'bad', text}})
}

function nextTarget(state: UiState): Step<UiState> {
  const {sessions} = state.console
  const at = sessions.findIndex(({node}) => node === targetOf(state))
  return step(changed(state, {target: sessions[(at + 1) % Math.max(1, sessions.length)]?.node ?? null}))
}

function targetOf({console}: UiState): string {
  return targetSession(console)?.node ?? ''
}

function newestEntryMs({sessions}: ConsoleState): number {
  return Math.max(...sessions.map(({entries}) => entries.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY))
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
