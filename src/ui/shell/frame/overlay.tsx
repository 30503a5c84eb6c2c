import {Canvas} from '../../core/canvas.js'
import {useTheme, useUi} from '../../core/context.js'
import type {Area} from '../../draw/layout.js'
import {formPane, formRows, formWidth} from '../../overlays/form-pane.js'
import type {FormState} from '../../overlays/form-state.js'
import {pageArea} from '../../overlays/page-area.js'
import {pagePane} from '../../overlays/page-pane.js'
import {Box} from '../../paint/ink.js'
import {explainPane} from '../../screens/nodes/overlays/explain-pane.js'
import {logPane} from '../../screens/nodes/overlays/log-pane.js'
import {slabsPane} from '../../screens/nodes/overlays/slabs-pane.js'
import {palettePane} from '../palette/palette-pane.js'

const MENU_WIDTH_MOST = 100
const FORM_WIDTH_USUAL = 120

/** What lies over the screen, if anything does: logs and explanations fill it, menus leave it in sight. */
export function OverlayView({area}: {area: Area}) {
  const theme = useTheme()
  const overlay = useUi(state => state.overlay)
  const session = useUi(state => state.session)
  const screen = useUi(state => state.screen)
  const menu = menuArea(area)
  switch (overlay?.kind) {
    case undefined:
    case 'reportFilter':
      return null
    case 'log':
      return <Placed lines={logPane(overlay, area, theme)} area={area} within={area} />
    case 'explain':
      return <Placed lines={explainPane(overlay, {advice: session.advice, area}, theme)} area={area} within={area} />
    case 'slabs':
      return <Placed lines={slabsPane(overlay, area, theme)} area={area} within={area} />
    case 'page': {
      const page = pageArea(overlay.page, area)
      return <Placed lines={pagePane(overlay.page, page, theme)} area={page} within={area} />
    }
    case 'form': {
      const form = formArea(area, overlay.form)
      return <Placed lines={formPane(overlay.form, form, theme)} area={form} within={area} />
    }
    case 'palette':
      return <Placed lines={palettePane(overlay, {session, screen, area: menu}, theme)} area={menu} within={area} />
  }
}

function menuArea({width, height}: Area): Area {
  return {width: Math.min(MENU_WIDTH_MOST, width - 4), height: Math.min(15, height)}
}

/** As large as the form, where there is room. */
function formArea({width, height}: Area, form: FormState): Area {
  const wanted = Math.max(FORM_WIDTH_USUAL, formWidth(form))
  return {width: Math.min(wanted, width), height: Math.min(formRows(form), height)}
}

function Placed({lines, area, within}: {lines: readonly string[]; area: Area; within: Area}) {
  const left = Math.floor((within.width - area.width) / 2)
  return (
    <Box position="absolute" marginLeft={left} marginTop={1}>
      <Canvas lines={lines} {...area} layer="overlay" />
    </Box>
  )
}
