import type {Area} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import {type Span, spansWidth, wrapWords} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import type {NodeView} from '../../../node-view/node-view.js'
import type {ProfileSummary} from '../../../ports/run-port.js'
import type {RunView} from '../state/load-run.js'
import type {LoadState} from '../state/load-state.js'
import {endLines} from './run-header.js'

/** Borders, headings, blanks and the keys. */
const OTHER_ROWS = 7
/** Around the name of a profile. */
const LABEL_SIDES = 6

export interface ChooserData {
  readonly profiles: readonly ProfileSummary[] | null
  readonly profileIndex: number
  readonly formValues: LoadState['formValues']
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
  const {profiles, profileIndex, formValues} = data
  const inner = width - PANE_SIDES
  const lastRun = lastRunLines(data.lastRun, inner)
  const targets = targetLines(data, inner)
  const about = aboutLines(data, inner)
  const room = height - OTHER_ROWS - lastRun.length - targets.length
  // What fits nowhere else in full has its room last.
  const shownAbout = room - about.length >= (profiles?.length ?? 0) ? about : []
  const roomForProfiles = Math.max(1, room - shownAbout.length)
  const lines: PaneLine[] = [
    [
      ['Profile', 'strong'],
      ['   j k choose', 'dim'],
    ],
    ...(profiles === null
      ? [[['reading the profiles…', 'dim'] as const]]
      : profileLines(profiles, {chosen: profileIndex, formValues, room: roomForProfiles})),
    ...shownAbout,
    [],
    [
      ['Target', 'strong'],
      ['    tab chooses', 'dim'],
    ],
    ...targets,
    [],
    startLine(data),
    ...lastRun,
  ]
  return pane({title: ['Load'], lines, width, height, theme})
}

function profileLines(
  profiles: readonly ProfileSummary[],
  {chosen, formValues, room}: {chosen: number; formValues: LoadState['formValues']; room: number},
): PaneLine[] {
  const nameWidth = nameWidthOf(profiles)
  const first = Math.max(0, Math.min(chosen - room + 1, profiles.length - room))
  return profiles.slice(first, first + room).map((profile, index) => {
    const marked = first + index === chosen
    const {text, tone} = describe(profile, formValues)
    const name = `${profile.name}${tone === 'accent' ? '*' : ''}`
    const label = ` ${marked ? '>' : ' '} ${name.padEnd(nameWidth)} `
    return [[label, marked ? 'selected' : 'plain'], '  ', [text, marked || tone === 'accent' ? tone : 'dim']]
  })
}

function nameWidthOf(profiles: readonly ProfileSummary[]): number {
  return Math.max(...profiles.map(({name}) => name.length)) + 1
}

/** What it does, or what it was changed by. */
function describe(
  {name, summary}: ProfileSummary,
  formValues: LoadState['formValues'],
): {readonly text: string; readonly tone: 'plain' | 'accent'} {
  const changes = Object.entries(formValues[name] ?? {})
  if (changes.length === 0) return {text: summary, tone: 'plain'}
  return {text: `edited: ${changes.map(([setting, text]) => `${setting} ${text}`).join(', ')}`, tone: 'accent'}
}

/** All of what the chosen load does, or was changed by, where its line has no room for it. */
function aboutLines({profiles, profileIndex, formValues}: ChooserData, width: number): PaneLine[] {
  const chosen = profiles?.[profileIndex]
  if (profiles == null || chosen === undefined) return []
  const {text, tone} = describe(chosen, formValues)
  const room = width - nameWidthOf(profiles) - LABEL_SIDES
  if (text.length <= room) return []
  return [[], ...wrapWords(text, width).map((line): PaneLine => [[line, tone]])]
}

/** As many lines as the nodes need: none may be out of sight. */
function targetLines({nodes, target}: ChooserData, width: number): PaneLine[] {
  if (nodes.length === 0)
    return [
      [
        ['   none yet: ', 'dim'],
        ['1', 'key'],
        [' then ', 'dim'],
        ['n', 'key'],
        [' launches a pair', 'dim'],
      ],
    ]
  const lines: Span[][] = []
  for (const {name, address, status} of nodes) {
    const marked = name === target
    const state = status.state === 'up' ? '' : ` ${status.state}`
    // A server that runs already is called by its address.
    const text = name === address ? name : `${name} ${address}`
    const spans: Span[] = [[` ${marked ? '>' : ' '} ${text}${state} `, marked ? 'selected' : 'plain'], '  ']
    const line = lines.at(-1)
    if (line !== undefined && spansWidth(line) + spansWidth(spans) <= width) line.push(...spans)
    else lines.push(spans)
  }
  return lines
}

function startLine({profiles, profileIndex, nodes, target, both, readonly}: ChooserData): PaneLine {
  if (readonly) return [['--readonly: no load is run', 'warn']]
  const chosen = profiles?.[profileIndex]
  if (chosen === undefined || nodes.length === 0) return []
  return [
    ['b', 'key'],
    ` starts ${chosen.name} against ${both ? 'both nodes of the pair' : (target ?? '')}   `,
    ['e', 'key'],
    ' settings   ',
    ['R', 'key'],
    ' rate   ',
    ['w', 'key'],
    ' save as file',
  ]
}

function lastRunLines(run: RunView | null, width: number): PaneLine[] {
  return run === null
    ? []
    : [[], [['Last run', 'strong'], `  #${run.number} ${run.profile} → ${run.target}`], ...endLines(run, width)]
}
