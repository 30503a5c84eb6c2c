import {useMemo} from 'react'
import {Canvas} from '../../../core/canvas.js'
import {useTheme, useUi} from '../../../core/context.js'
import type {WindowSize} from '../../../draw/layout.js'
import {bodyArea} from '../../../draw/layout.js'
import type {Theme} from '../../../draw/theme.js'
import {pagePane} from '../../../overlays/page-pane.js'
import {reportLayout} from '../state/report-layout.js'
import type {ReportState} from '../state/report-state.js'
import {entryList} from './entry-list.js'
import {percentileChart} from './percentile-chart.js'

export function ReportScreenView({size}: {size: WindowSize}) {
  const theme = useTheme()
  const report = useUi(state => state.report)
  const lines = useMemo(() => {
    if (report.page !== null) return openedLines(report, size, theme)
    return entryList(report, bodyArea(size), theme)
  }, [report, size, theme])
  return <Canvas lines={lines} {...bodyArea(size)} />
}

function openedLines({page, curves}: ReportState, size: WindowSize, theme: Theme): string[] {
  const {width, chartRows, textRows} = reportLayout(size, curves.length > 0)
  return [
    ...(chartRows === 0 ? [] : percentileChart(curves, {width, height: chartRows}, theme)),
    ...(page === null ? [] : pagePane(page, {width, height: textRows}, theme)),
  ]
}
