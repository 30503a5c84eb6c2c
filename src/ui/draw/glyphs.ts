import {cellWidth} from './cell-width.js'

/** Replaces what a terminal cannot show by something of the same width. */
export type Glyphs = (text: string) => string

/** For every terminal with a full font. */
export const allGlyphs: Glyphs = text => text

// The console of Linux has the 256 characters of code page 437, and lines with round corners are not among them.
const onLinuxConsole: Readonly<Record<string, string>> = {
  '╭': '┌',
  '╮': '┐',
  '╰': '└',
  '╯': '┘',
  '▁': '_',
  '▂': '_',
  '▃': '▄',
  '▅': '▄',
  '▆': '█',
  '▇': '█',
  '●': '*',
  '✓': '√',
  '✔': '√',
  '✖': 'x',
  '✗': 'x',
  '✘': 'x',
  '…': '.',
  '–': '-',
  '−': '-',
  '×': 'x',
  '‹': '<',
  '›': '>',
  '’': "'",
}

const inAscii: Readonly<Record<string, string>> = {
  ...onLinuxConsole,
  ...Object.fromEntries([...'┌┐└┘├┤┬┴┼╭╮╰╯'].map(corner => [corner, '+'])),
  '─': '-',
  '│': '|',
  '═': '=',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '►': '>',
  '◄': '<',
  '▲': '^',
  '○': 'o',
  '▁': '_',
  '▂': '_',
  '▃': '.',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '░': '.',
  '·': '.',
  '✓': '+',
  '✔': '+',
  µ: 'u',
  '±': '~',
  '≠': '#',
}

const missingOnLinuxConsole = new RegExp(`[${Object.keys(onLinuxConsole).join('')}]`, 'g')
const beyondAscii = /[^\0-\u007F]+/g
const graphemes = new Intl.Segmenter()

/** @param term the environment's TERM; `utf8`: whether the terminal takes more than ASCII */
export function glyphsOf({term, utf8}: {term: string | undefined; utf8: boolean}): Glyphs {
  if (!utf8) return text => text.replaceAll(beyondAscii, toAscii)
  if (term === 'linux') return text => text.replaceAll(missingOnLinuxConsole, glyph => onLinuxConsole[glyph] ?? glyph)
  return allGlyphs
}

function toAscii(text: string): string {
  return Array.from(graphemes.segment(text), ({segment}) => inAscii[segment] ?? '?'.repeat(cellWidth(segment))).join('')
}
