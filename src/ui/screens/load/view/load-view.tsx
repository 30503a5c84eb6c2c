import {useMemo} from 'react'
import {Canvas, PartedCanvas} from '../../../core/canvas.js'
import {useTheme, useUi} from '../../../core/context.js'
import type {WindowSize} from '../../../draw/layout.js'
import {type Area, bodyArea} from '../../../draw/layout.js'
import type {RunView} from '../state/load-run.js'
import {loadTarget} from '../state/load-state.js'
import {chooserPane} from './chooser-pane.js'
import {fullPicture} from './full-picture.js'
import {runPicture} from './run-picture.js'

export function LoadScreenView({size}: {size: WindowSize}) {
  const run = useUi(({load}) => load.frozenRun ?? load.run)
  const isFrozen = useUi(({load}) => load.frozenRun !== null)
  const choosing = useUi(({load}) => load.choosing)
  if (run === null || choosing) return <Chooser area={bodyArea(size)} />
  return <RunPicture run={run} isFrozen={isFrozen} size={size} />
}

function Chooser({area}: {area: Area}) {
  const theme = useTheme()
  const profiles = useUi(({load}) => load.profiles)
  const profileIndex = useUi(({load}) => load.profileIndex)
  const formValues = useUi(({load}) => load.formValues)
  const nodes = useUi(state => state.nodes)
  const target = useUi(state => loadTarget(state)?.name)
  const both = useUi(({load, pairs}) => load.both && pairs.length > 0)
  const lastRun = useUi(({load}) => load.run)
  const readonly = useUi(({session}) => session.readonly)
  const data = {profiles, profileIndex, formValues, nodes, target, both, lastRun, readonly}
  return <Canvas lines={chooserPane(data, area, theme)} {...area} />
}

function RunPicture({run, isFrozen, size}: {run: RunView; isFrozen: boolean; size: WindowSize}) {
  const theme = useTheme()
  const windowSeconds = useUi(({load}) => load.windowSeconds)
  const scale = useUi(({load}) => load.scale)
  const target = useUi(({nodes}) => nodes.find(({name}) => name === run.target))
  const maximized = useUi(({load}) => load.maximizedPane)
  const parts = useMemo(() => {
    const view = {windowSeconds, scale}
    return maximized === null
      ? runPicture({run, isFrozen, target}, view, {size, theme})
      : [fullPicture({run, isFrozen, target, maximized}, view, size, theme)]
  }, [run, isFrozen, target, maximized, windowSeconds, scale, size, theme])
  return <PartedCanvas parts={parts} {...bodyArea(size)} />
}
