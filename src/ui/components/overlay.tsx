import {Box} from 'ink'
import {useTheme, useUi} from '../context.js'
import type {Area} from '../state/layout.js'
import {Canvas} from './canvas.js'
import {explainPane} from './explain-pane.js'
import {launchPane} from './launch-pane.js'
import {logPane} from './log-pane.js'
import {palettePane} from './palette-pane.js'

const MENU_WIDTH_MOST = 100

/** What lies over the screen, if anything does: logs and explanations fill it, menus leave it in sight. */
export function OverlayView({area}: {area: Area}) {
  const theme = useTheme()
  const overlay = useUi(state => state.overlay)
  const session = useUi(state => state.session)
  const screen = useUi(state => state.screen)
  const menu = menuArea(area)
  switch (overlay?.kind) {
    case undefined:
      return null
    case 'log':
      return <Placed lines={logPane(overlay, area, theme)} area={area} within={area} />
    case 'explain':
      return <Placed lines={explainPane(overlay, {advice: session.advice, area}, theme)} area={area} within={area} />
    case 'launch':
      return <Placed lines={launchPane(overlay, {session, area: menu}, theme)} area={menu} within={area} />
    case 'palette':
      return <Placed lines={palettePane(overlay, {session, screen, area: menu}, theme)} area={menu} within={area} />
  }
}

function menuArea({width, height}: Area): Area {
  return {width: Math.min(MENU_WIDTH_MOST, width - 4), height: Math.min(15, height)}
}

function Placed({lines, area, within}: {lines: readonly string[]; area: Area; within: Area}) {
  const left = Math.floor((within.width - area.width) / 2)
  return (
    <Box position="absolute" marginLeft={left} marginTop={1}>
      <Canvas lines={lines} {...area} />
    </Box>
  )
}
