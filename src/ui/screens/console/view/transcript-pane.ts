import {type Scroll, visible} from '../../../core/scroll.js'
import {formatDuration, formatMs} from '../../../draw/format.js'
import type {Area} from '../../../draw/layout.js'
import {innerRows} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import {type Span, spansWidth} from '../../../draw/text.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import type {SessionView} from '../state/console-state.js'
import type {TranscriptLine} from '../state/transcript-lines.js'

export interface TranscriptData {
  readonly session: SessionView
  readonly lines: readonly TranscriptLine[]
  readonly scroll: Scroll<TranscriptLine>
  /** Gets the next line. */
  readonly isTarget: boolean
  readonly marked: TranscriptLine | undefined
  /** Wall clock, ms since the epoch. */
  readonly nowMs: number
}

const stateWords: Readonly<Record<SessionView['state'], readonly [string, Tone]>> = {
  connecting: ['CONNECTING', 'warn'],
  connected: ['CONNECTED', 'ok'],
  closed: ['CLOSED', 'bad'],
}

/** Cells of the top border that neither title nor corner has. */
const TITLE_GAPS = 9

/** One node's session, as telnet would show it. */
export function transcriptPane(data: TranscriptData, area: Area, theme: Theme): string[] {
  const {session, lines, scroll, isTarget, marked} = data
  const shown = visible(scroll, lines, innerRows(area.height))
  const name: Span = [`${isTarget ? '> ' : ''}${session.node}`, isTarget ? 'strong' : 'plain']
  const corner = cornerOf(data)
  // The state of the session is worth more than its address.
  const full: Span[] = [name, addressOf(session)]
  const title = spansWidth(full) + spansWidth(corner) + TITLE_GAPS <= area.width ? full : [name]
  return pane({
    title,
    corner,
    lines: shown.map(line => transcriptLine(line, line === marked)),
    ...(marked === undefined ? {} : {marked: shown.indexOf(marked)}),
    tone: isTarget ? 'focus' : 'border',
    theme,
    ...area,
  })
}

/** What is opened by hand is named after its address. */
function addressOf({node, address}: SessionView): string {
  return node === address ? '' : ` ${address}`
}

function cornerOf({session: {state, lost}, scroll, marked, nowMs}: TranscriptData): readonly Span[] {
  if (marked !== undefined) return [['? explains  y copies', 'warn']]
  if (scroll.mode === 'held') return [['scrolled back, PgDn returns', 'warn']]
  if (lost === null || state !== 'closed') return [stateWords[state]]
  const seconds = formatDuration((nowMs - lost.sinceMs) / 1000)
  return [[`LOST ${seconds}${lost.tries > 0 ? `, try ${lost.tries}` : ''}`, 'bad']]
}

function transcriptLine({kind, text, clock, latencyUs}: TranscriptLine, marked: boolean): PaneLine {
  const time: Span[] = clock === undefined ? [] : [[clock, 'dim']]
  const left: Span[] = [...time, [text, marked ? 'selected' : kindTone(kind, text)]]
  return latencyUs === null ? left : {left, right: [[` ${formatMs(latencyUs)} ms`, 'dim']]}
}

function kindTone(kind: TranscriptLine['kind'], text: string): Tone {
  switch (kind) {
    case 'system':
      return 'dim'
    case 'sent':
      return 'strong'
    case 'good':
      return 'ok'
    case 'bad':
      return 'bad'
    case 'received':
      return /^(ERROR|CLIENT_ERROR|SERVER_ERROR)\b/.test(text) ? 'bad' : 'plain'
  }
}
