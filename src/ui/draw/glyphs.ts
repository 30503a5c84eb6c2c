/** Replaces what a terminal's font lacks by something of the same width. */
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
  '×': 'x',
  '‹': '<',
  '›': '>',
  '’': "'",
}

const replaced = new RegExp(`[${Object.keys(onLinuxConsole).join('')}]`, 'g')

/** @param term the environment's TERM */
export function glyphsOf(term: string | undefined): Glyphs {
  if (term !== 'linux') return allGlyphs
  return text => text.replaceAll(replaced, glyph => onLinuxConsole[glyph] ?? glyph)
}
