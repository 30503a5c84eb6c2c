import {useMemo} from 'react'
import {Canvas} from '../../components/canvas.js'
import {pagePane} from '../../components/page.js'
import {useTheme, useUi} from '../../context.js'
import {bodyArea} from '../../state/layout.js'
import type {WindowSize} from '../../state/ui-state.js'
import {runList} from './run-list.js'

export function ReportScreen({size}: {size: WindowSize}) {
  const theme = useTheme()
  const report = useUi(state => state.report)
  const lines = useMemo(() => {
    const area = bodyArea(size)
    return report.page === null ? runList(report, area, theme) : pagePane(report.page, area, theme)
  }, [report, size, theme])
  return <Canvas lines={lines} {...bodyArea(size)} />
}
