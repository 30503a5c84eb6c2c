import {ABSENT, formatCount, formatMs} from '../../draw/format.js'
import type {Span} from '../../draw/text.js'
import type {SavedDrill, SavedEntry, SavedRun} from '../../report-port.js'
import {verdictTones} from '../../state/verdict-lines.js'

export const figureHeading = 'runs   op/s   p50 ms   p99 ms'

/** What came of a run or a drill, under the heading, and its verdict. */
export function figureSpans(entry: SavedEntry): Span[] {
  const figures = entry.kind === 'run' ? runFigures(entry) : drillFigures(entry)
  const {verdict} = entry
  return [`${figures.padEnd(figureHeading.length)}  `, [verdict, verdictTones[verdict]], ...troubles(entry)]
}

function runFigures({repetitions, opsPerSecond, p50Us, p99Us}: SavedRun): string {
  return [
    String(repetitions).padStart(4),
    formatCount(opsPerSecond).padStart(5),
    formatMs(p50Us).padStart(7),
    formatMs(p99Us).padStart(7),
  ].join('  ')
}

function drillFigures({topology, rtoMs, lostWrites}: SavedDrill): string {
  const rto = rtoMs === null ? ABSENT : `${(rtoMs / 1000).toFixed(2)} s`
  return `${topology}  rto ${rto}  lost ${formatCount(lostWrites)}`
}

function troubles(entry: SavedEntry): Span[] {
  const errors = entry.kind === 'run' ? (entry.errors ?? 0) : 0
  return errors > 0 ? [[`  ${formatCount(errors)} errors`, 'bad']] : []
}
