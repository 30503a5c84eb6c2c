import type {NodeEvent, NodeEventKind} from '../../../../server/node-api/node-event.js'
import {type Scroll, visible} from '../../../core/scroll.js'
import {formatClock} from '../../../draw/format.js'
import type {Area} from '../../../draw/layout.js'
import {innerRows} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import type {Theme, Tone} from '../../../draw/theme.js'

const kindTones: Readonly<Partial<Record<NodeEventKind, Tone>>> = {
  killed: 'bad',
  crashed: 'bad',
  linkLost: 'bad',
  overflow: 'bad',
  bindFailed: 'bad',
  sendError: 'bad',
  paused: 'warn',
  stopped: 'warn',
  linkUp: 'ok',
  fullSyncDone: 'ok',
  ready: 'ok',
}

/** What happened to the nodes, from their own log lines. */
export function eventsPane(
  {events, scroll, tone}: {events: readonly NodeEvent[]; scroll: Scroll<NodeEvent>; tone: Tone},
  {width, height}: Area,
  theme: Theme,
): string[] {
  const follow = scroll.mode === 'follow'
  const lines = visible(scroll, events, innerRows(height)).map(eventLine)
  const empty: PaneLine[] = [[['events of the nodes show here', 'dim']]]
  return pane({
    title: ['Events'],
    corner: follow
      ? [
          ['follow ', 'dim'],
          ['ON', 'ok'],
        ]
      : [['follow OFF, G follows', 'warn']],
    lines: events.length === 0 ? empty : lines,
    tone,
    width,
    height,
    theme,
  })
}

function eventLine({atMs, node, kind, text}: NodeEvent): PaneLine {
  return [[formatClock(atMs), 'dim'], ' ', [node.padEnd(4), 'accent'], ' ', [text, kindTones[kind] ?? 'plain']]
}
