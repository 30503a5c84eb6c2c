import type {TranscriptEntry, TranscriptKind} from '../../telnet/transcript.js'
import {cellWidth} from '../draw/cell-width.js'

/** One screen line of a transcript; an entry that is too long takes several. */
export interface TranscriptLine {
  readonly kind: TranscriptKind
  readonly text: string
  /** On the last line of a reply. */
  readonly latencyUs: number | null
}

// A value of a megabyte must neither fill the screen nor cost its length in every frame.
const LINES_AN_ENTRY_MOST = 6

export function transcriptLines(
  entries: readonly TranscriptEntry[],
  {width, afterMs}: {width: number; afterMs: number},
): readonly TranscriptLine[] {
  if (width <= 0) return []
  return entries.filter(({atMs}) => atMs > afterMs).flatMap(entry => linesOf(entry, width))
}

function linesOf({kind, text, latencyUs}: TranscriptEntry, width: number): TranscriptLine[] {
  const pieces = wrap(text, width)
  return pieces.map((piece, index) => ({
    kind,
    text: piece,
    latencyUs: index === pieces.length - 1 ? latencyUs : null,
  }))
}

function wrap(text: string, width: number): string[] {
  // A character is at least half a cell wide here: enough text for the lines shown, whatever its alphabet.
  const considered = text.slice(0, width * LINES_AN_ENTRY_MOST * 2)
  if (text.length <= width && cellWidth(text) <= width) return [text]
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const character of considered) {
    const cells = cellWidth(character)
    if (used + cells > width) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += character
    used += cells
  }
  if (piece !== '') pieces.push(piece)
  if (pieces.length <= LINES_AN_ENTRY_MOST && considered.length === text.length) return pieces
  const shown = pieces.slice(0, LINES_AN_ENTRY_MOST - 1)
  const rest = text.length - shown.join('').length
  return [...shown, `… ${rest.toLocaleString('en-US')} more characters`]
}
