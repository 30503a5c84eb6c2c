import type {WindowSize} from '../../../draw/layout.js'
import {bodyArea} from '../../../draw/layout.js'
import {PANE_SIDES} from '../../../draw/pane.js'
import {verdictLines} from '../../../run-view/verdict-lines.js'
import type {DrillRunView} from './drill-state.js'

export interface DrillLayout {
  /** Verdict, assertions and what to do, at the end. */
  readonly bannerRows: number
  /** Steps and figures, while the drill runs. */
  readonly stepRows: number
  /** 0 where there is no room for it. */
  readonly chartRows: number
  /** At the end. */
  readonly reportRows: number
}

const BANNER_ROWS_LEAST = 4
const STEP_ROWS_LEAST = 7
const STEP_ROWS_MOST = 16
const CHART_ROWS_LEAST = 7
const CHART_ROWS_MOST = 14
const REPORT_ROWS_LEAST = 9

export function drillLayout(size: WindowSize, {phase, result}: Pick<DrillRunView, 'phase' | 'result'>): DrillLayout {
  const {width, height} = bodyArea(size)
  if (phase !== 'ended' || result === null) {
    const half = Math.ceil(height / 2)
    const stepRows = Math.min(STEP_ROWS_MOST, Math.max(STEP_ROWS_LEAST, half))
    return {bannerRows: 0, stepRows, chartRows: height - stepRows, reportRows: 0}
  }
  const wantedBanner = Math.max(BANNER_ROWS_LEAST, verdictLines(result, width - PANE_SIDES).length + 2)
  const bannerRows = Math.min(wantedBanner, Math.max(BANNER_ROWS_LEAST, height - REPORT_ROWS_LEAST))
  const rest = height - bannerRows
  const wanted = Math.min(CHART_ROWS_MOST, Math.max(CHART_ROWS_LEAST, Math.floor(rest / 3)))
  const chartRows = rest - wanted >= REPORT_ROWS_LEAST ? wanted : 0
  return {bannerRows, stepRows: 0, chartRows, reportRows: rest - chartRows}
}
