import {formatAddress} from '../../../../protocol/address.js'
import {KEY_MAX_BYTES} from '../../../../protocol/limits.js'
import type {TranscriptEntry} from '../../../../telnet/transcript/transcript.js'
import {type Step, step} from '../../../core/effect.js'
import {lineText} from '../../../core/line-editor.js'
import {readAddress} from '../../../core/read-address.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {askForLine} from '../../../overlays/line-form.js'
import {type ConsoleState, targetSession} from './console-state.js'

/** Which address to open a session to, beside those of the nodes. */
export function openAddressForm(state: UiState): Step<UiState> {
  return askForLine(state, {
    title: 'Open a session',
    accept: 'open',
    label: 'address',
    hint: 'HOST:PORT, or HOST for port 11211',
    check: text => (readAddress(text) === null ? `Expected HOST:PORT, got '${text}'` : null),
    take: openAddress,
  })
}

/** Opens a session, and makes it the target. */
export function openAddress(state: UiState, text: string): Step<UiState> {
  const address = readAddress(text)
  if (address === null) return refuse(state, `Expected HOST:PORT, got '${text}'`)
  const console = {...state.console, typing: true, target: formatAddress(address), marked: null}
  return step({...state, screen: 'console', console}, {type: 'console', request: {type: 'open', address}})
}

/** Which transcript to send again. */
export function openReplayForm(state: UiState): Step<UiState> {
  return askForLine(state, {
    title: 'Replay a transcript',
    accept: 'replay',
    label: 'file',
    hint: 'one that w has saved, or a list of commands',
    text: state.console.savedAs ?? '',
    take: replay,
  })
}

export function replay(state: UiState, file: string): Step<UiState> {
  if (state.session.readonly) return refuse(state, '--readonly: nothing is replayed')
  const target = targetSession(state.console)
  if (target === undefined) return refuse(state, 'No session to replay in: 1, then n launches a pair')
  const shown = {
    ...state,
    screen: 'console',
    console: {...state.console, scrolls: {}, marked: null, enteredKey: null},
  } as const
  return step(shown, {type: 'console', request: {type: 'replay', file, target: target.node}})
}

/** Reads a key on every node: that of the line being typed, else the last one used. */
export function checkKeyOf(state: UiState): Step<UiState> {
  const typed = keyIn(lineText(state.console.editor))
  const key = typed ?? state.console.enteredKey ?? lastKey(state.console)
  if (key !== null) return checkKey(state, key)
  return askForLine(state, {
    title: 'Verify a key',
    accept: 'verify',
    label: 'key',
    hint: 'read on every node: same, different or missing',
    check: keyProblem,
    take: checkKey,
  })
}

export function checkKey(state: UiState, key: string): Step<UiState> {
  const problem = keyProblem(key)
  if (problem !== null) return refuse(state, problem)
  const {sessions} = state.console
  if (sessions.length === 0) return refuse(state, 'No node to ask: 1, then n launches a pair')
  return step({...state, screen: 'console'}, {type: 'console', request: {type: 'checkKey', key}})
}

function keyProblem(key: string): string | null {
  if (/\s/.test(key)) return 'Expected a key without spaces'
  const bytes = Buffer.byteLength(key)
  return bytes > KEY_MAX_BYTES ? `Expected a key of at most ${KEY_MAX_BYTES} bytes, got ${bytes}` : null
}

/** `get key1` and `key1` alone name one. */
function keyIn(line: string): string | null {
  const [first, second] = line.trim().split(/\s+/)
  return keyOfCommand(line) ?? second ?? (first === '' ? null : (first ?? null))
}

const keyed = /^ *(?:gets?|set|add|replace|append|prepend|cas|delete|incr|decr|touch|gats? +\S+|m[gsdae]) +(\S+)/

/** The key that a command line names; null: none. */
export function keyOfCommand(line: string): string | null {
  return keyed.exec(line)?.[1] ?? null
}

function lastKey({sessions}: ConsoleState): string | null {
  const commands: TranscriptEntry[] = sessions
    .flatMap(({entries}) => entries.slice(-50))
    .filter(({kind, text}) => kind === 'sent' && keyOfCommand(text) !== null)
  const newest = commands.reduce<TranscriptEntry | null>(
    (best, entry) => (best === null || entry.atMs >= best.atMs ? entry : best),
    null,
  )
  return newest === null ? null : keyOfCommand(newest.text)
}
