import {type Step, step} from '../../../core/effect.js'
import {readAddress} from '../../../core/read-address.js'
import type {UiState} from '../../../core/ui-state.js'
import {askForLine} from '../../../overlays/line-form.js'
import {openAddress} from './console-questions.js'
import {targetSession} from './console-state.js'

/** telnet's own prompt, which ^] gives. */
export function openTelnetPrompt(state: UiState): Step<UiState> {
  return askForLine(state, {
    title: 'telnet>',
    accept: 'do it',
    label: 'command',
    hint: 'close · open HOST PORT · status · z (back to the shell) · quit',
    check: line =>
      readTelnetCommand(line) === null ? '?Invalid command: close, open HOST PORT, status, z, quit' : null,
    take: (next, line) => run(next, line),
  })
}

type TelnetCommand =
  | {readonly type: 'close' | 'status' | 'z' | 'quit'}
  | {readonly type: 'open'; readonly address: string}

/** Abbreviated as in telnet; null: there is none of that name. */
export function readTelnetCommand(line: string): TelnetCommand | null {
  const [word = '', host = '', port = ''] = line.trim().split(/\s+/)
  const name = (['close', 'open', 'status', 'quit', 'z'] as const).find(each => word !== '' && each.startsWith(word))
  if (name === undefined) return null
  if (name !== 'open') return {type: name}
  const address = port === '' ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`
  return readAddress(address) === null ? null : {type: 'open', address}
}

function run(state: UiState, line: string): Step<UiState> {
  const command = readTelnetCommand(line)
  const session = targetSession(state.console)
  switch (command?.type) {
    case 'open':
      return openAddress(state, command.address)
    case 'close':
      return session === undefined
        ? step(state)
        : step(state, {type: 'console', request: {type: 'end', node: session.node}})
    case 'quit': {
      const left = {...state, console: {...state.console, typing: false}}
      return session === undefined
        ? step(left)
        : step(left, {type: 'console', request: {type: 'end', node: session.node}})
    }
    case 'status': {
      const text =
        session === undefined
          ? 'No connection.'
          : `${session.state === 'connected' ? 'Connected to' : 'Not connected to'} ${session.address} (${session.node}). Escape character is '^]'.`
      return step({...state, notice: {tone: 'ok', text}})
    }
    case 'z':
      return step(state, {type: 'suspend'})
    default:
      return step(state)
  }
}
