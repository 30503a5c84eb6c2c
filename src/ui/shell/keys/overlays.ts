import type {OverlayPart} from '../../core/overlay.js'
import type {UiState} from '../../core/ui-state.js'
import {formOverlay} from '../../overlays/form-overlay.js'
import {pageOverlay} from '../../overlays/page-overlay.js'
import {explainOverlay} from '../../screens/nodes/overlays/explain-overlay.js'
import {logOverlay} from '../../screens/nodes/overlays/log-overlay.js'
import {slabsOverlay} from '../../screens/nodes/overlays/slabs-overlay.js'
import {paletteOverlay} from '../palette/palette-overlay.js'

/** What may lie over a screen. A new overlay is its file and a line here. */
export const overlays: readonly OverlayPart[] = [
  logOverlay,
  explainOverlay,
  paletteOverlay,
  formOverlay,
  pageOverlay,
  slabsOverlay,
]

/** What lies over the screen; null: nothing. */
export function overlayPartOf({overlay}: Pick<UiState, 'overlay'>): OverlayPart | null {
  return overlays.find(({kind}) => kind === overlay?.kind) ?? null
}
