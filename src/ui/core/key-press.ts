import type {Key} from '../paint/ink.js'
import type {Chord} from './binding.js'

/** A key press, and the text that it would type (empty for keys that type nothing). */
export interface Press {
  readonly chord: Chord
  readonly text: string
}

const specialKeys = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, Chord])[]

/**
 * Ink's input event → key presses. Characters that were read together come as
 * one event (`jj`, or `get foo` with its carriage return), so each is one press.
 */
export function pressesOf(input: string, key: Key): readonly Press[] {
  if (key.eventType === 'release') return []
  const special = specialKeys.find(([flag]) => key[flag])
  if (special !== undefined) {
    const shifted = special[1] === 'tab' && key.shift ? 'shift+tab' : special[1]
    return [{chord: prefix(key) + shifted, text: ''}]
  }
  if ((key.ctrl || key.meta) && [...input].length === 1) {
    return [{chord: prefix(key) + (key.ctrl ? input.toLowerCase() : input), text: ''}]
  }
  return pressesOfText(input)
}

/**
 * Presses one after the other, characters that follow each other as one press while `typing()`: text that is pasted
 * into a terminal without bracketed paste comes in thousands of them, each of which would be drawn.
 */
export function* inTurn(presses: readonly Press[], typing: () => boolean): Generator<Press> {
  for (let at = 0; at < presses.length; ) {
    const first = presses[at]!
    let end = at + 1
    if (first.text !== '' && typing()) while (presses[end] !== undefined && presses[end]!.text !== '') end += 1
    const text = presses.slice(at, end).map(press => press.text)
    yield {...first, text: text.join('')}
    at = end
  }
}

/**
 * The two presses that alt with a key may have been: a terminal sends the same bytes for it as for
 * esc and then that key. Null for any other press.
 */
export function pressesBehindAlt({chord}: Press): readonly [Press, Press] | null {
  const behind = /^alt\+(.+)$/su.exec(chord)?.[1]
  if (behind === undefined) return null
  return [
    {chord: 'esc', text: ''},
    {chord: behind, text: [...behind].length === 1 ? behind : ''},
  ]
}

function prefix(key: Key): string {
  return (key.meta ? 'alt+' : '') + (key.ctrl ? 'ctrl+' : '')
}

const controlKeys: Readonly<Record<string, Chord>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u001B': 'esc',
  '\u007F': 'backspace',
  '\b': 'backspace',
}

/** Raw text → one press a character; CR LF counts as one enter. */
function pressesOfText(text: string): readonly Press[] {
  return Array.from(text.replaceAll('\r\n', '\r'), character => {
    const special = controlKeys[character]
    if (special !== undefined) return {chord: special, text: ''}
    const code = character.codePointAt(0) ?? 0
    if (code < 27) return {chord: `ctrl+${String.fromCharCode(code + 96)}`, text: ''}
    if (code < 32) return {chord: `ctrl+${String.fromCharCode(code + 64)}`, text: ''}
    return {chord: character, text: character}
  })
}
