import {plainCharacters, printable} from '../../protocol/printable.js'
import type {Glyphs} from '../draw/glyphs.js'
import {ownStyles} from '../draw/theme.js'

/** Nearly every line, and several lines of every picture are drawn at each sample: this costs a tenth of the rest. */
const safeLine = new RegExp(`^(?:${plainCharacters}|${ownStyles.source})*$`)

/**
 * A ready-made line as the terminal gets it. Only the styles of a theme pass: whatever else could change the terminal is
 * made safe to print here, however it came into the line.
 */
export function canvasLine(line: string, glyphs: Glyphs): string {
  if (safeLine.test(line)) return glyphs(line)
  // Split by a pattern with one group, every second piece is a style.
  return line
    .split(ownStyles)
    .map((piece, index) => (index % 2 === 0 ? glyphs(printable(piece)) : piece))
    .join('')
}
