import type {Key} from 'ink'
import {describe, expect, it} from 'vitest'
import {inTurn, pressesBehindAlt, pressesOf} from '../../../src/ui/core/key-press.js'

const noKey = {} as Key

function chords(input: string, key: Partial<Key> = {}): string[] {
  return pressesOf(input, {...noKey, ...key}).map(({chord}) => chord)
}

describe('key presses', () => {
  it('are one for each character that was read together', () => expect(chords('jjk')).toEqual(['j', 'j', 'k']))

  it('type characters that were read together at once, and only while a line is typed', () => {
    const texts = (typing: boolean) => [...inTurn(pressesOf('ab c\rd', noKey), () => typing)].map(({text}) => text)
    expect(texts(true)).toEqual(['ab c', '', 'd'])
    expect(texts(false)).toEqual(['a', 'b', ' ', 'c', '', 'd'])
  })

  it('split a line from its end, CR LF counting once', () => {
    expect(chords('ab\r\nc\r')).toEqual(['a', 'b', 'enter', 'c', 'enter'])
  })

  it('name special keys with their modifiers', () => {
    expect(chords('', {pageUp: true})).toEqual(['pageup'])
    expect(chords('', {tab: true, shift: true})).toEqual(['shift+tab'])
    expect(chords('', {leftArrow: true, ctrl: true})).toEqual(['ctrl+left'])
    expect(chords('t', {ctrl: true})).toEqual(['ctrl+t'])
    expect(chords('b', {meta: true})).toEqual(['alt+b'])
    expect(chords('G', {meta: true, shift: true})).toEqual(['alt+G'])
    expect(chords('', {return: true, meta: true})).toEqual(['alt+enter'])
    expect(chords('L', {ctrl: true, meta: true})).toEqual(['alt+ctrl+l'])
  })

  it('read control characters among others as keys', () => expect(chords('a\u0003')).toEqual(['a', 'ctrl+c']))

  it('type text only where the key has any', () => {
    expect(pressesOf('x', noKey)).toEqual([{chord: 'x', text: 'x'}])
    expect(pressesOf('', {...noKey, return: true})).toEqual([{chord: 'enter', text: ''}])
  })

  it('ignore the release of a key', () => expect(chords('x', {eventType: 'release'})).toEqual([]))

  it('with alt may have been esc and a key at once', () => {
    const behind = (chord: string) => pressesBehindAlt({chord, text: ''})
    expect(behind('alt+G')).toEqual([
      {chord: 'esc', text: ''},
      {chord: 'G', text: 'G'},
    ])
    expect(behind('alt+enter')?.[1]).toEqual({chord: 'enter', text: ''})
    expect(behind('alt+😀')?.[1]).toEqual({chord: '😀', text: '😀'})
    expect(behind('ctrl+b')).toBeNull()
  })
})
