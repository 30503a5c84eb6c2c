import {ABSENT, formatCount, formatMs} from '../../../draw/format.js'
import type {Span} from '../../../draw/text.js'
import type {SavedDrill, SavedEntry, SavedRun} from '../../../ports/report-port.js'
import {verdictTones} from '../../../run-view/verdict-lines.js'

/** How much of an entry has room: in a narrow window its name matters more than every figure. */
export interface FigureColumns {
  readonly started: string
  /** Characters of an ISO time without its year. */
  readonly startedEnd: number
  readonly figures: string
  readonly runFigures: (run: SavedRun) => string
  readonly drillFigures: (drill: SavedDrill) => string
}

const WIDE_FROM = 100

const narrow: FigureColumns = {
  started: 'start (UTC)',
  startedEnd: 16,
  figures: ' op/s   p99 ms       ',
  runFigures: ({opsPerSecond, p99Us}) => `${formatCount(opsPerSecond).padStart(5)}  ${formatMs(p99Us).padStart(7)}`,
  drillFigures: ({rtoMs, lostWrites}) => `rto ${formatRto(rtoMs)}  lost ${formatCount(lostWrites)}`,
}

const wide: FigureColumns = {
  started: 'started (UTC) ',
  startedEnd: 19,
  figures: 'runs   op/s   p50 ms   p99 ms',
  runFigures: ({repetitions, opsPerSecond, p50Us, p99Us}) =>
    [
      String(repetitions).padStart(4),
      formatCount(opsPerSecond).padStart(5),
      formatMs(p50Us).padStart(7),
      formatMs(p99Us).padStart(7),
    ].join('  '),
  drillFigures: ({topology, rtoMs, lostWrites}) =>
    `${topology}  rto ${formatRto(rtoMs)}  lost ${formatCount(lostWrites)}`,
}

export function figureColumns(width: number): FigureColumns {
  return width < WIDE_FROM - 4 ? narrow : wide
}

/** Start, figures and verdict of an entry, under the headings. */
export function figureSpans(entry: SavedEntry, columns: FigureColumns): Span[] {
  const {verdict, startedAt} = entry
  const started = startedAt.slice(5, columns.startedEnd).replace('T', ' ')
  const figures = entry.kind === 'run' ? columns.runFigures(entry) : columns.drillFigures(entry)
  return [
    ` ${started.padEnd(columns.started.length)}  ${figures.padEnd(columns.figures.length)}  `,
    [verdict, verdictTones[verdict]],
    ...troubles(entry),
  ]
}

function formatRto(rtoMs: number | null): string {
  return rtoMs === null ? ABSENT : `${(rtoMs / 1000).toFixed(2)} s`
}

function troubles(entry: SavedEntry): Span[] {
  const errors = entry.kind === 'run' ? (entry.errors ?? 0) : 0
  return errors > 0 ? [[`  ${formatCount(errors)} errors`, 'bad']] : []
}
