import {ABSENT, formatCount, formatMs} from '../../../draw/format.js'
import type {Area} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import {errorCount} from '../../../run-view/run-figures.js'
import type {RunPoint} from '../../../run-view/run-points.js'
import type {DrillRunView} from '../state/drill-state.js'
import {faultSeconds} from './drill-marks.js'

const LABEL_WIDTH = 14

/** What is measured while the drill runs; the exact figures come with the verdict. */
export function figuresPane(run: DrillRunView, {width, height}: Area, theme: Theme): string[] {
  return pane({title: ['So far'], lines: figureLines(run), width, height, theme})
}

function figureLines(run: DrillRunView): PaneLine[] {
  const {points, snapshot} = run
  const fault = faultSeconds(run) ?? Number.POSITIVE_INFINITY
  const before = points.filter(({elapsedSeconds}) => elapsedSeconds <= fault)
  const after = points.filter(({elapsedSeconds}) => elapsedSeconds > fault)
  const last = points.at(-1)
  const failing = after.findIndex(({errors}) => errors > 0)
  const served = after.find(({opsPerSecond, errors}, index) => index > failing && errors === 0 && opsPerSecond > 0)
  const errors = snapshot === null ? null : errorCount(snapshot.operations)
  return [
    line('op/s now', formatCount(last?.opsPerSecond ?? null)),
    line('op/s before', formatCount(meanRate(before))),
    line('p99 ms now', formatMs(last?.p99Us ?? null)),
    line('connections', formatCount(last?.connections ?? null)),
    line('errors', formatCount(errors), errors !== null && errors > 0 ? 'bad' : 'plain'),
    line('first errors', sinceFault(after[failing], fault)),
    line('errors over', failing < 0 ? ABSENT : sinceFault(served, fault)),
  ]
}

function line(label: string, value: string, tone: Tone = 'plain'): PaneLine {
  return [
    [label.padEnd(LABEL_WIDTH), 'dim'],
    [value, tone],
  ]
}

/** Snapshots come five times a second: it happened within this time. */
function sinceFault(point: RunPoint | undefined, fault: number): string {
  return point === undefined ? ABSENT : `${(point.elapsedSeconds - fault).toFixed(1)} s after it`
}

function meanRate(points: readonly RunPoint[]): number | null {
  if (points.length === 0) return null
  return points.reduce((sum, {opsPerSecond}) => sum + opsPerSecond, 0) / points.length
}
