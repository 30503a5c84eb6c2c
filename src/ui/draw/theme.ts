import {printable} from '../../protocol/printable.js'

/** What a piece of text means; a theme says how that looks. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'accent'
  | 'ok'
  | 'warn'
  | 'bad'
  | 'alarm'
  | 'selected'
  | 'key'
  | 'border'
  | 'focus'

/** Wraps text, made safe to print, in the escape sequences of its tone. */
export type Theme = Readonly<Record<Tone, (text: string) => string>>

// Only the 16 ANSI colours, on the terminal's own background: they follow the user's palette.
const darkCodes: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '90',
  strong: '1',
  accent: '36',
  ok: '32',
  warn: '33',
  bad: '91',
  alarm: '1;97;41',
  selected: '1;7',
  key: '1;36',
  border: '90',
  focus: '36',
}

// As dark, without what cannot be read on a white background.
const lightCodes: Readonly<Record<Tone, string>> = {
  ...darkCodes,
  accent: '34',
  warn: '35',
  bad: '31',
  key: '1;34',
  focus: '34',
}

// No colour at all; what must be seen is bold or inverse.
const monoCodes: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '',
  strong: '1',
  accent: '',
  ok: '',
  warn: '1',
  bad: '1',
  alarm: '1;7',
  selected: '1;7',
  key: '1',
  border: '',
  focus: '1',
}

export const darkTheme: Theme = themeOf(darkCodes)
export const monoTheme: Theme = themeOf(monoCodes)

export const themeNames = ['dark', 'light', 'mono'] as const
export type ThemeName = (typeof themeNames)[number]
export const themes: Readonly<Record<ThemeName, Theme>> = {
  dark: darkTheme,
  light: themeOf(lightCodes),
  mono: monoTheme,
}

/** The escape sequences that themes write, and no others; its group is the sequence. */
export const ownStyles = stylesOf([darkCodes, lightCodes, monoCodes])

function stylesOf(themeCodes: readonly Readonly<Record<Tone, string>>[]): RegExp {
  const codes = new Set(themeCodes.flatMap(each => Object.values(each)).filter(code => code !== ''))
  return new RegExp(`(\\u001B\\[(?:0|${[...codes].join('|')})m)`)
}

function themeOf(codes: Readonly<Record<Tone, string>>): Theme {
  const entries = Object.entries(codes).map(([tone, code]) => [
    tone,
    (text: string) => (code === '' || text === '' ? printable(text) : `\u001B[${code}m${printable(text)}\u001B[0m`),
  ])
  return Object.fromEntries(entries)
}
