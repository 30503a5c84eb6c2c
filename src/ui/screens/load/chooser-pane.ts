import {PANE_SIDES, type PaneLine, pane} from '../../draw/pane.js'
import type {Span} from '../../draw/text.js'
import type {ProfileSummary} from '../../ports.js'
import type {Area} from '../../state/layout.js'
import type {LoadState, RunView} from '../../state/load-state.js'
import type {NodeView} from '../../state/node-view.js'
import type {Theme} from '../../theme.js'
import {endLines} from './run-header.js'

export interface ChooserData {
  readonly profiles: readonly ProfileSummary[] | null
  readonly profile: number
  readonly edits: LoadState['edits']
  readonly nodes: readonly NodeView[]
  readonly target: string | undefined
  /** Half of the connections go to each node of its pair. */
  readonly both: boolean
  readonly lastRun: RunView | null
  /** No load is run. */
  readonly readonly: boolean
}

/** What to load with, and which node. */
export function chooserPane(data: ChooserData, {width, height}: Area, theme: Theme): string[] {
  const {profiles, profile, edits} = data
  const lastRun = lastRunLines(data.lastRun, width - PANE_SIDES)
  const roomForProfiles = Math.max(1, height - 2 - 6 - lastRun.length)
  const lines: PaneLine[] = [
    [
      ['Profile', 'strong'],
      ['   j k choose', 'dim'],
    ],
    ...(profiles === null
      ? [[['reading the profiles…', 'dim'] as const]]
      : profileLines(profiles, {chosen: profile, edits, room: roomForProfiles})),
    [],
    [
      ['Target', 'strong'],
      ['    tab chooses', 'dim'],
    ],
    targetLine(data),
    [],
    startLine(data),
    ...lastRun,
  ]
  return pane({title: ['Load'], lines, width, height, theme})
}

function profileLines(
  profiles: readonly ProfileSummary[],
  {chosen, edits, room}: {chosen: number; edits: LoadState['edits']; room: number},
): PaneLine[] {
  const nameWidth = Math.max(...profiles.map(({name}) => name.length)) + 1
  const first = Math.max(0, Math.min(chosen - room + 1, profiles.length - room))
  return profiles.slice(first, first + room).map(({name, summary}, index) => {
    const marked = first + index === chosen
    const changes = Object.entries(edits[name] ?? {})
    const label = ` ${marked ? '>' : ' '} ${`${name}${changes.length > 0 ? '*' : ''}`.padEnd(nameWidth)} `
    const edited = changes.map(([setting, text]) => `${setting} ${text}`).join(', ')
    return [
      [label, marked ? 'selected' : 'plain'],
      '  ',
      edited === '' ? [summary, marked ? 'plain' : 'dim'] : [`edited: ${edited}`, 'accent'],
    ]
  })
}

function targetLine({nodes, target}: ChooserData): PaneLine {
  if (nodes.length === 0)
    return [
      ['   none yet: ', 'dim'],
      ['1', 'key'],
      [' then ', 'dim'],
      ['n', 'key'],
      [' launches a pair', 'dim'],
    ]
  return nodes.flatMap(({name, address, status}): Span[] => {
    const marked = name === target
    const state = status.state === 'up' ? '' : ` ${status.state}`
    return [[` ${marked ? '>' : ' '} ${name} ${address}${state} `, marked ? 'selected' : 'plain'], '  ']
  })
}

function startLine({profiles, profile, nodes, target, both, readonly}: ChooserData): PaneLine {
  if (readonly) return [['only looking (--readonly): no load is run', 'warn']]
  const chosen = profiles?.[profile]
  if (chosen === undefined || nodes.length === 0) return []
  return [
    ['b', 'key'],
    ` starts ${chosen.name} against ${both ? 'both nodes of the pair' : (target ?? '')}   `,
    ['e', 'key'],
    ' its settings   ',
    ['R', 'key'],
    ' its rate   ',
    ['w', 'key'],
    ' saves it as a file',
  ]
}

function lastRunLines(run: RunView | null, width: number): PaneLine[] {
  return run === null
    ? []
    : [[], [['Last run', 'strong'], `  #${run.number} ${run.profile} → ${run.target}`], ...endLines(run, width)]
}
