import type {LogLine} from '../../../../server/node-api/cluster-node.js'
import {type Scroll, visible} from '../../../core/scroll.js'
import {formatClock} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import type {Span} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'

declare module '../../../core/part-types.js' {
  interface OverlayStates {
    log: LogView
  }
}

/** The log of a node, as it is being read. */
export interface LogView {
  readonly kind: 'log'
  readonly node: string
  readonly lines: readonly LogLine[]
  /** Only lines with this text are shown; upper and lower case are the same. */
  readonly filter: string
  /** Keys go into the filter. */
  readonly typing: boolean
  readonly scroll: Scroll<LogLine>
}

/** What a node has printed, word for word. @param shown the lines that the filter lets through */
export function logPane(log: LogView, shown: readonly LogLine[], {width, height}: Area, theme: Theme): string[] {
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
