import {Canvas} from '../../core/canvas.js'
import {useTheme, useUi} from '../../core/context.js'
import type {Area} from '../../draw/layout.js'
import {Box} from '../../paint/ink.js'
import {overlayPartOf} from '../keys/overlays.js'

/** What lies over the screen, if anything does: logs and explanations fill it, menus leave it in sight. */
export function OverlayView({area: within}: {area: Area}) {
  const theme = useTheme()
  const overlay = useUi(state => state.overlay)
  const session = useUi(state => state.session)
  const screen = useUi(state => state.screen)
  if (overlay === null) return null
  const {lines, area} = overlayPartOf({overlay})!.draw(overlay, {session, screen, area: within, theme})
  const left = Math.floor((within.width - area.width) / 2)
  return (
    <Box position="absolute" marginLeft={left} marginTop={1}>
      <Canvas lines={lines} {...area} layer="overlay" />
    </Box>
  )
}
