import type {Dialog} from '../../core/ui-state.js'
import type {WindowSize} from '../../draw/layout.js'
import {SMALLEST} from '../../draw/layout.js'
import {paint} from '../../draw/text.js'
import type {Theme} from '../../draw/theme.js'

/** What a window shows that has no room for a screen. */
export function tooSmallLines({columns, rows}: WindowSize, dialog: Dialog | null, theme: Theme): string[] {
  const text = [
    `Window too small: ${columns}×${rows}`,
    `repbench needs ${SMALLEST.columns}×${SMALLEST.rows}`,
    // A question that cannot be drawn is still one that keys answer.
    dialog === null
      ? 'what runs goes on; q quits'
      : `${dialog.title} esc: no${dialog.typed === null ? ', y: yes' : ''}`,
  ]
  return Array.from({length: rows}, (_, row) =>
    paint([[text[row] ?? '', row === 0 ? 'warn' : 'plain']], columns, theme),
  )
}
