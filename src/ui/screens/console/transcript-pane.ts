import {formatMs} from '../../draw/format.js'
import {type PaneLine, pane} from '../../draw/pane.js'
import type {ConsoleView} from '../../state/console-state.js'
import type {Area} from '../../state/layout.js'
import {innerRows} from '../../state/layout.js'
import {type Scroll, visible} from '../../state/scroll.js'
import type {TranscriptLine} from '../../state/transcript-lines.js'
import type {Theme, Tone} from '../../theme.js'

export interface TranscriptData {
  readonly session: ConsoleView
  readonly lines: readonly TranscriptLine[]
  readonly scroll: Scroll<TranscriptLine>
  /** Gets the next line. */
  readonly isTarget: boolean
}

const stateWords: Readonly<Record<ConsoleView['state'], readonly [string, Tone]>> = {
  connecting: ['CONNECTING', 'warn'],
  connected: ['CONNECTED', 'ok'],
  closed: ['CLOSED', 'bad'],
}

/** One node's session, as telnet would show it. */
export function transcriptPane({session, lines, scroll, isTarget}: TranscriptData, area: Area, theme: Theme): string[] {
  const shown = visible(scroll, lines, innerRows(area.height))
  const state = stateWords[session.state]
  const held = scroll.mode === 'held'
  return pane({
    title: [[`${isTarget ? '> ' : ''}${session.node}`, isTarget ? 'strong' : 'plain'], ` ${session.address}`],
    corner: held ? [['scrolled back, PgDn returns', 'warn']] : [state],
    lines: shown.map(transcriptLine),
    tone: isTarget ? 'focus' : 'border',
    theme,
    ...area,
  })
}

function transcriptLine({kind, text, latencyUs}: TranscriptLine): PaneLine {
  const left = [[text, kindTone(kind, text)] as const]
  return latencyUs === null ? left : {left, right: [[` ${formatMs(latencyUs)} ms`, 'dim']]}
}

function kindTone(kind: TranscriptLine['kind'], text: string): Tone {
  if (kind === 'system') return 'dim'
  if (kind === 'sent') return 'strong'
  return /^(ERROR|CLIENT_ERROR|SERVER_ERROR)\b/.test(text) ? 'bad' : 'plain'
}
