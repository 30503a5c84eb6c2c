import type {LogView} from '../../../core/overlay.js'
import {visible} from '../../../core/scroll.js'
import {formatClock} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import type {Span} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import {filteredLines} from './log-commands.js'

/** What a node has printed, word for word. */
export function logPane(log: LogView, {width, height}: Area, theme: Theme): string[] {
  const shown = filteredLines(log)
  const lines = visible(log.scroll, shown, innerRows(height)).map(
    (line): PaneLine => [[formatClock(line.atMs), 'dim'], ' ', line.text],
  )
  const empty = log.lines.length === 0 ? 'it has printed nothing' : 'no line has that text'
  return pane({
    title: [['Log of ', 'plain'], [log.node, 'strong'], ...filterSpans(log, shown.length)],
    corner:
      log.scroll.mode === 'follow'
        ? [
            ['follow ', 'dim'],
            ['ON', 'ok'],
          ]
        : [['follow OFF, G follows', 'warn']],
    lines: lines.length === 0 ? [[[empty, 'dim']]] : lines,
    tone: 'focus',
    width,
    height,
    theme,
  })
}

function filterSpans({filter, typing, lines}: LogView, shown: number): Span[] {
  if (filter === '' && !typing) return [[`  ${lines.length} lines`, 'dim']]
  return [['  /', 'key'], filter, [typing ? ' ' : '', 'selected'], [`  ${shown} of ${lines.length} lines`, 'dim']]
}
