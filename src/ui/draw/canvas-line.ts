import {printable} from '../../protocol/printable.js'
import {ownStyles} from '../theme.js'
import type {Glyphs} from './glyphs.js'

/**
 * A ready-made line as the terminal gets it. Only the styles of a theme pass: whatever else could change the terminal is
 * made safe to print here, however it came into the line.
 */
export function canvasLine(line: string, glyphs: Glyphs): string {
  if (!line.includes('\u001B')) return glyphs(printable(line))
  // Split by a pattern with one group, every second piece is a style.
  return line
    .split(ownStyles)
    .map((piece, index) => (index % 2 === 0 ? glyphs(printable(piece)) : piece))
    .join('')
}
