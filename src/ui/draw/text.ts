import {printable} from '../../protocol/printable.js'
import {cellWidth} from './cell-width.js'
import type {Theme, Tone} from './theme.js'

/** A piece of a line: plain text, or text with a tone. */
export type Span = string | readonly [text: string, tone: Tone]

/** Cells that text takes on the screen, where its control characters show as \xNN. */
export function textWidth(text: string): number {
  return cellWidth(printable(text))
}

/** Cuts text to at most `width` cells, safe to print; what was cut shows as an ellipsis. */
export function clip(text: string, width: number): string {
  if (width <= 0) return ''
  const shown = printable(text)
  if (cellWidth(shown) <= width) return shown
  let kept = ''
  let used = 0
  for (const character of shown) {
    const next = cellWidth(character)
    if (used + next > width - 1) break
    kept += character
    used += next
  }
  return `${kept}…`
}

/** Keeps the end instead, which is what matters of a path. */
export function clipStart(text: string, width: number): string {
  const shown = printable(text)
  const characters = Array.from(shown)
  if (characters.length <= width) return shown
  return width <= 0 ? '' : `…${characters.slice(characters.length - width + 1).join('')}`
}

/** Cuts or pads text to exactly `width` cells. */
export function padTo(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clip(text, width)
  const padding = ' '.repeat(Math.max(0, width - cellWidth(clipped)))
  return align === 'left' ? clipped + padding : padding + clipped
}

export function spansWidth(spans: readonly Span[]): number {
  let width = 0
  for (const span of spans) width += textWidth(textOf(span))
  return width
}

/** Draws spans as exactly `width` cells, cut or padded on the right. */
export function paint(spans: readonly Span[], width: number, theme: Theme): string {
  let line = ''
  let left = width
  for (const span of spans) {
    if (left <= 0) break
    const text = clip(textOf(span), left)
    line += typeof span === 'string' ? text : theme[span[1]](text)
    left -= cellWidth(text)
  }
  return line + ' '.repeat(Math.max(0, left))
}

/** As paint(), with `right` kept at the right edge; the left side gives way. */
export function paintBoth(
  {left, right}: {left: readonly Span[]; right: readonly Span[]},
  width: number,
  theme: Theme,
): string {
  const rightWidth = Math.min(width, spansWidth(right))
  return paint(left, width - rightWidth, theme) + paint(right, rightWidth, theme)
}

function textOf(span: Span): string {
  return typeof span === 'string' ? span : span[0]
}

/** Lines of at most `width` cells; a word that is longer, as a path may be, is broken where a line ends. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text)
    .split(' ')
    .flatMap(each => breakWord(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (cellWidth(longer) > width && line !== '') {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}

function breakWord(word: string, width: number): string[] {
  if (width <= 0 || cellWidth(word) <= width) return [word]
  const pieces: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && cellWidth(piece + character) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}
