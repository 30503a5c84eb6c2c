import type {NodeEvent} from '../../../../server/node-api/node-event.js'
import {formatClock} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import {textWidth, wrapWords} from '../../../draw/text.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import type {EventAdvices} from '../../../ports/ui-ports.js'

declare module '../../../core/part-types.js' {
  interface OverlayStates {
    explain: ExplainView
  }
}

/** Events, one of which is explained. */
export interface ExplainView {
  readonly kind: 'explain'
  /** As they were when it was opened: they hold still while they are read. */
  readonly events: readonly NodeEvent[]
  readonly marked: number
}

const weightTones: Readonly<Record<string, Tone>> = {info: 'plain', warning: 'warn', alarm: 'bad'}
const LIST_ROWS_LEAST = 3

/** Events, and below them what the marked one means and what to do. */
export function explainPane(
  {events, marked}: ExplainView,
  {advice, area: {width, height}}: {advice: EventAdvices | null; area: Area},
  theme: Theme,
): string[] {
  const event = events[marked]
  const told = event === undefined ? undefined : advice?.[event.kind]
  const paragraph = (label: string, text: string | null | undefined): PaneLine[] =>
    text == null
      ? []
      : wrapWords(text, width - PANE_SIDES - 12).map((line, index) => [
          [(index === 0 ? label : '').padEnd(12), 'key'],
          line,
        ])
  const isCut = event !== undefined && textWidth(rowOf(event)) > width - PANE_SIDES - 2
  const details = [
    ...paragraph('event', isCut ? event.text : null),
    ...paragraph('means', told?.meaning),
    ...paragraph('to do', told === undefined ? null : (told.advice ?? 'nothing')),
    ...paragraph('in the log', told?.logLine),
  ]
  const rows = Math.max(LIST_ROWS_LEAST, innerRows(height) - details.length - 1)
  const first = Math.max(0, Math.min(marked - Math.floor(rows / 2), events.length - rows))
  const list = events.slice(first, first + rows).map((each, index): PaneLine => {
    const isMarked = first + index === marked
    const tone = weightTones[advice?.[each.kind].weight ?? 'info'] ?? 'plain'
    return [[`${isMarked ? '>' : ' '} ${rowOf(each)}`, isMarked ? 'selected' : tone]]
  })
  const filler: PaneLine[] = Array.from({length: Math.max(0, rows - list.length)}, () => [])
  return pane({
    title: ['Events and their meaning'],
    corner: [[`${marked + 1} of ${events.length}`, 'dim']],
    lines: [...list, ...filler, [], ...details],
    tone: 'focus',
    width,
    height,
    theme,
  })
}

function rowOf({atMs, node, text}: NodeEvent): string {
  return `${formatClock(atMs)} ${node.padEnd(4)} ${text}`
}
