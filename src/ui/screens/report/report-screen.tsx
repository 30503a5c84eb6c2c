import {useMemo} from 'react'
import {Canvas} from '../../components/canvas.js'
import {pagePane} from '../../components/page.js'
import {useTheme, useUi} from '../../context.js'
import {bodyArea} from '../../state/layout.js'
import {reportLayout} from '../../state/report-layout.js'
import type {ReportState} from '../../state/report-state.js'
import type {WindowSize} from '../../state/ui-state.js'
import type {Theme} from '../../theme.js'
import {entryList} from './entry-list.js'
import {percentileChart} from './percentile-chart.js'

export function ReportScreen({size}: {size: WindowSize}) {
  const theme = useTheme()
  const report = useUi(state => state.report)
  const typing = useUi(({overlay}) => overlay?.kind === 'reportFilter')
  const lines = useMemo(() => {
    if (report.page !== null) return openedLines(report, size, theme)
    return entryList(report, {area: bodyArea(size), typing}, theme)
  }, [report, typing, size, theme])
  return <Canvas lines={lines} {...bodyArea(size)} />
}

function openedLines({page, curves}: ReportState, size: WindowSize, theme: Theme): string[] {
  const {width, chartRows, textRows} = reportLayout(size, curves.length > 0)
  return [
    ...(chartRows === 0 ? [] : percentileChart(curves, {width, height: chartRows}, theme)),
    ...(page === null ? [] : pagePane(page, {width, height: textRows}, theme)),
  ]
}
