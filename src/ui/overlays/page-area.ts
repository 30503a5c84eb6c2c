import type {Area} from '../draw/layout.js'
import {PANE_SIDES} from '../draw/pane.js'
import {type Page, wrapLines} from './page.js'

const WIDTH_MOST = 90

/** A text over the screen takes no more room than it needs. */
export function pageArea(page: Page, within: Area): Area {
  const width = Math.min(WIDTH_MOST, within.width)
  const rows = wrapLines(page.lines, width - PANE_SIDES).length + 2
  return {width, height: Math.min(rows, within.height)}
}
