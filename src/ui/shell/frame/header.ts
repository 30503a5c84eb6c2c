import {type Screen, screens, type UiState} from '../../core/ui-state.js'
import {formatCount, formatMs} from '../../draw/format.js'
import {paintBoth, type Span, spansWidth} from '../../draw/text.js'
import type {Theme} from '../../draw/theme.js'
import {isSilent} from '../../node-view/node-view.js'
import {brokenPair, pairStatuses} from '../../node-view/pair-status.js'
import {isDrilling} from '../../screens/drill/state/drill-state.js'
import {isRunning} from '../../screens/load/state/load-state.js'
import {isLive} from '../../screens/nodes/state/node-commands.js'

const screenNames: Readonly<Record<Screen, string>> = {
  nodes: 'Nodes',
  load: 'Load',
  console: 'Console',
  drill: 'Drill',
  report: 'Report',
}

export type HeaderState = Pick<UiState, 'screen' | 'nodes' | 'pairs' | 'events' | 'load' | 'drill' | 'session'>

/** The line at the top: where we are, and how things are at this moment. */
export function headerLine(state: HeaderState, width: number, theme: Theme): string {
  const right: Span[] = [...statusSpans(state), ' ']
  const title: Span[] = [' ', ['repbench', 'accent'], ' ']
  const long = [...title, ...tabs(state.screen, 'named')]
  const fits = spansWidth(long) + spansWidth(right) < width
  return paintBoth({left: fits ? long : [...title, ...tabs(state.screen, 'numbered')], right}, width, theme)
}

/** Where the state needs the room, the other screens show their keys alone. */
function tabs(shown: Screen, others: 'named' | 'numbered'): Span[] {
  return screens.flatMap((screen, index): Span[] => {
    const name = `${index + 1} ${screenNames[screen]}`
    if (screen === shown) return [[`[${name}]`, 'selected']]
    return [others === 'named' ? ` ${name} ` : ` ${index + 1} `]
  })
}

function statusSpans(state: HeaderState): Span[] {
  const looking: Span[] = state.session.readonly ? [['read-only', 'warn'], '  '] : []
  const spans: Span[] = [...looking, ...runSpans(state), ...drillSpans(state), ...pairSpans(state)]
  return spans.length === 0 ? [['nothing runs', 'dim']] : spans
}

function runSpans({load: {run}}: HeaderState): Span[] {
  if (run === null || !isRunning(run)) return []
  const point = run.points.at(-1)
  if (point === undefined) return [['● load starts  ', 'accent']]
  return [['● ', 'accent'], `${formatCount(point.opsPerSecond)} op/s  p99 ${formatMs(point.p99Us)} ms  `]
}

function drillSpans({drill}: HeaderState): Span[] {
  return isDrilling(drill) ? [[`● drill ${drill.run?.drill ?? ''}  `, 'accent']] : []
}

function pairSpans(state: HeaderState): Span[] {
  const {nodes} = state
  if (nodes.length === 0) return []
  const statuses = pairStatuses(state)
  const links = statuses.map(({link}) => link)
  if (brokenPair(state) !== undefined) return [[' NOT PAIRED ', 'alarm']]
  const live = nodes.filter(isLive).length
  if (live < nodes.length) return [[`${live} of ${nodes.length} up`, 'bad']]
  const frozen = nodes.filter(node => node.status.state === 'paused').length
  if (frozen > 0) return [[`${frozen} frozen`, 'warn']]
  const silent = nodes.filter(isSilent).length
  if (silent > 0) return [[`${silent} silent`, 'bad']]
  if (links.length === 0) return [[`${live} up`, 'ok']]
  if (statuses.some(({parting}) => parting !== null)) return [[' THE NODES PART ', 'alarm']]
  // With several pairs, the one that is worst off is what counts.
  if (links.every(link => link === 'paired')) return [['● paired', 'ok']]
  if (links.includes('unproven')) return [['linked, not proven', 'warn']]
  if (links.every(link => link === 'paired' || link === 'claimed')) return [['linked, not probed', 'warn']]
  return links.includes('joining') ? [['joining', 'warn']] : [[`${live} up, link unknown`, 'warn']]
}
