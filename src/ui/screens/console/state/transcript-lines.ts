import {printable} from '../../../../protocol/printable.js'
import type {TranscriptEntry, TranscriptKind} from '../../../../telnet/transcript/transcript.js'
import {cellWidth} from '../../../draw/cell-width.js'
import {formatClock} from '../../../draw/format.js'
import {wrapWords} from '../../../draw/text.js'

/** One screen line of a transcript; an entry that is too long takes several. */
export interface TranscriptLine {
  readonly kind: TranscriptKind
  readonly text: string
  /** When it came; blank on the lines after an entry's first, absent where no times are shown. */
  readonly clock?: string
  /** On the last line of a reply. */
  readonly latencyUs: number | null
  /** What the line is a part of. */
  readonly entry: TranscriptEntry
}

interface TranscriptView {
  /** Cells for the text, and for the time before it. */
  readonly width: number
  readonly afterMs: number
  readonly times: boolean
}

// A value of a megabyte must neither fill the screen nor cost its length in every frame.
const LINES_AN_ENTRY_MOST = 6
/** `12:04:31.114 ` */
const CLOCK_WIDTH = 13

const known = new WeakMap<readonly TranscriptEntry[], {view: TranscriptView; lines: readonly TranscriptLine[]}>()

/** The same array for the same entries: a frame must not cost the length of the transcript. */
export function transcriptLines(entries: readonly TranscriptEntry[], view: TranscriptView): readonly TranscriptLine[] {
  const before = known.get(entries)
  if (before !== undefined && isSame(before.view, view)) return before.lines
  const room = view.width - (view.times ? CLOCK_WIDTH : 0)
  const lines =
    room <= 0
      ? []
      : entries.filter(({atMs}) => atMs > view.afterMs).flatMap(entry => linesOf(entry, {room, times: view.times}))
  known.set(entries, {view, lines})
  return lines
}

function isSame(a: TranscriptView, b: TranscriptView): boolean {
  return a.width === b.width && a.afterMs === b.afterMs && a.times === b.times
}

function linesOf(entry: TranscriptEntry, {room, times}: {room: number; times: boolean}): TranscriptLine[] {
  const isData = entry.kind === 'sent' || entry.kind === 'received'
  // What a node says is cut where the screen ends, as a terminal does; our own words are kept whole.
  const pieces = isData ? wrap(entry.text, room) : wrapWords(entry.text, room).flatMap(line => wrap(line, room))
  return pieces.map((text, index) => ({
    kind: entry.kind,
    text,
    ...(times ? {clock: index === 0 ? `${formatClock(entry.atMs)} ` : ' '.repeat(CLOCK_WIDTH)} : {}),
    latencyUs: index === pieces.length - 1 ? entry.latencyUs : null,
    entry,
  }))
}
function wrap(text: string, width: number): string[] {
  // A character is at least half a cell wide here: enough text for the lines shown, whatever its alphabet.
  const beginning = text.slice(0, width * LINES_AN_ENTRY_MOST * 2)
  const considered = printable(beginning)
  if (text.length <= width && cellWidth(considered) <= width) return [considered]
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
  if (pieces.length <= LINES_AN_ENTRY_MOST && beginning.length === text.length) return pieces
  const shown = pieces.slice(0, LINES_AN_ENTRY_MOST - 1)
  const rest = text.length - shown.join('').length
  return [...shown, `… ${rest.toLocaleString('en-US')} more characters`]
}
