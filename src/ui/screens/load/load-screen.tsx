import {Box} from 'ink'
import {useMemo} from 'react'
import {Canvas} from '../../components/canvas.js'
import {useTheme, useUi} from '../../context.js'
import {type Area, bodyArea, halves, SIDE_BY_SIDE_COLUMNS} from '../../state/layout.js'
import {loadTarget} from '../../state/load-commands.js'
import {loadLayout} from '../../state/load-layout.js'
import type {RunView} from '../../state/load-state.js'
import type {WindowSize} from '../../state/ui-state.js'
import {chartPane, p99Chart, throughputChart} from './charts.js'
import {chooserPane} from './chooser-pane.js'
import {latencyPane} from './latency-pane.js'
import {runHeader} from './run-header.js'
import {sparkPane} from './spark-pane.js'

export function LoadScreen({size}: {size: WindowSize}) {
  const run = useUi(({load}) => load.held ?? load.run)
  const held = useUi(({load}) => load.held !== null)
  const choosing = useUi(({load}) => load.choosing)
  if (run === null || choosing) return <Chooser area={bodyArea(size)} />
  return <RunPicture run={run} held={held} size={size} />
}

function Chooser({area}: {area: Area}) {
  const theme = useTheme()
  const profiles = useUi(({load}) => load.profiles)
  const profile = useUi(({load}) => load.profile)
  const edits = useUi(({load}) => load.edits)
  const nodes = useUi(state => state.nodes)
  const target = useUi(state => loadTarget(state)?.name)
  const lastRun = useUi(({load}) => load.run)
  return <Canvas lines={chooserPane({profiles, profile, edits, nodes, target, lastRun}, area, theme)} {...area} />
}

function RunPicture({run, held, size}: {run: RunView; held: boolean; size: WindowSize}) {
  const theme = useTheme()
  const {width} = bodyArea(size)
  const lines = useMemo(() => {
    const {headerRows, charts, sparkRows, latencyRows} = loadLayout(size)
    return [
      ...runHeader({run, held}, {width, height: headerRows}, theme),
      ...chartLines(run, charts, theme),
      ...(sparkRows === 0 ? [] : sparkPane(run, {width, height: sparkRows}, theme)),
      ...latencyPane(run, {width, height: latencyRows}, theme),
    ]
  }, [run, held, size, width, theme])
  return (
    <Box>
      <Canvas lines={lines} width={width} height={lines.length} />
    </Box>
  )
}

function chartLines(run: RunView, {width, height}: Area, theme: Parameters<typeof chartPane>[3]): string[] {
  if (width < SIDE_BY_SIDE_COLUMNS) {
    const [above, below] = halves(height)
    if (below < 4) return chartPane(run, throughputChart, {width, height}, theme)
    return [
      ...chartPane(run, throughputChart, {width, height: above}, theme),
      ...chartPane(run, p99Chart, {width, height: below}, theme),
    ]
  }
  const [left, right] = halves(width)
  const first = chartPane(run, throughputChart, {width: left, height}, theme)
  const second = chartPane(run, p99Chart, {width: right, height}, theme)
  return first.map((line, row) => line + second[row])
}
