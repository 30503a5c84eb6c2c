import type {LogLine} from '../../../../server/node-api/cluster-node.js'
import {type Step, step} from '../../../core/effect.js'
import {defineOverlay} from '../../../core/overlay.js'
import type {LinesOf} from '../../../core/screen.js'
import {following, scrollBy} from '../../../core/scroll.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {formatClock} from '../../../draw/format.js'
import {bodyArea, innerRows} from '../../../draw/layout.js'
import {selectedNode} from '../state/nodes-state.js'
import {type LogView, logPane} from './log-pane.js'

export const logOverlay = defineOverlay({
  kind: 'log',
  bindings: [
    {id: 'log.filter', keys: ['/'], modes: ['log'], label: 'filter', help: 'show only lines with a text'},
    {id: 'log.next', keys: ['tab', 'right', 'l'], modes: ['log'], label: 'next node', help: 'the log of the next node'},
    {id: 'log.previous', keys: ['shift+tab', 'left', 'h'], modes: ['log'], help: 'the log of the previous node'},
    {
      id: 'log.follow',
      keys: ['G', 'end', 'F'],
      modes: ['log'],
      label: 'follow',
      help: 'to the newest line, and follow',
    },
    {id: 'log.top', keys: ['g', 'home'], modes: ['log'], label: 'oldest', help: 'to the oldest line'},
    {id: 'log.up', keys: ['k', 'up'], modes: ['log'], help: 'one line back; stops following'},
    {id: 'log.down', keys: ['j', 'down'], modes: ['log'], help: 'one line on'},
    {id: 'log.pageUp', keys: ['pageup', 'ctrl+u'], modes: ['log'], label: 'scroll', help: 'one page back'},
    {id: 'log.pageDown', keys: ['pagedown', 'ctrl+d', ' '], modes: ['log'], help: 'one page on'},
    {
      id: 'log.copy',
      keys: ['y'],
      modes: ['log'],
      label: 'copy',
      help: 'copy the lines that the filter shows, with their times (OSC 52)',
    },
    {
      id: 'log.save',
      keys: ['w'],
      modes: ['log'],
      label: 'save',
      help: 'write these lines to a new file in the working directory',
    },
    {
      id: 'log.close',
      keys: ['esc', 'q', 'L'],
      modes: ['log'],
      label: 'back',
      always: true,
      help: 'drop the filter, then close the log',
    },
  ],
  commands: {
    'log.close': close,
    'log.next': state => neighbour(state, 1),
    'log.previous': state => neighbour(state, -1),
    'log.up': state => step(scroll(state, () => -1)),
    'log.down': state => step(scroll(state, () => 1)),
    'log.pageUp': state => step(scroll(state, height => 1 - height)),
    'log.pageDown': state => step(scroll(state, height => height - 1)),
    'log.top': state => step(scroll(state, () => Number.NEGATIVE_INFINITY)),
    'log.follow': state => step(changeLog(state, {scroll: following})),
    'log.filter': state => step(changeLog(state, {typing: true})),
    'log.copy': copy,
    'log.save': save,
  },
  mode: ({typing}) => (typing ? 'filter' : 'log'),
  typing: {
    type: (state, text) => (isTyping(state) ? editFilter(state, filter => filter + text) : state),
    edit: editFilter,
    close: state => changeLog(state, {typing: false}),
  },
  onSample: (view, {log}) => (log?.node === view.node ? {...view, lines: log.lines} : view),
  draw: (view, {area, theme}) => ({lines: logPane(view, filteredLines(view), area, theme), area}),
})

export function openLog(state: UiState): Step<UiState> {
  const node = selectedNode(state)
  if (node === undefined) return refuse(state, 'No node yet: n launches a pair')
  if (node.backend === null) {
    return refuse(state, `${node.name} was not started by repbench: its log is on its host`)
  }
  const overlay: LogView = {kind: 'log', node: node.name, lines: [], filter: '', typing: false, scroll: following}
  return watch({...state, selectedNode: node.name, overlay}, node.name)
}

/** The lines that the filter lets through. */
function filteredLines({lines, filter}: LogView): readonly LogLine[] {
  const wanted = filter.toLowerCase()
  return wanted === '' ? lines : lines.filter(({text}) => text.toLowerCase().includes(wanted))
}

function close(state: UiState): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind === 'log' && overlay.filter !== '') return step(changeLog(state, {filter: '', scroll: following}))
  return watch({...state, overlay: null}, null)
}

function copy(state: UiState): Step<UiState> {
  return withLines(state, (view, lines) => {
    const text = lines.map(line => `${formatClock(line.atMs)} ${line.text}\n`).join('')
    return step(state, {type: 'copy', text, what: describeLines(view, lines.length), keep: 'end'})
  })
}

function save(state: UiState): Step<UiState> {
  return withLines(state, (view, lines) => {
    const text = lines.map(line => `${new Date(line.atMs).toISOString()} ${line.text}\n`).join('')
    return step(state, {type: 'saveText', name: `log-${view.node}`, text, what: describeLines(view, lines.length)})
  })
}

function withLines(state: UiState, take: (view: LogView, lines: readonly LogLine[]) => Step<UiState>): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind !== 'log') return step(state)
  const lines = filteredLines(overlay)
  return lines.length === 0 ? refuse(state, 'No lines to copy or save') : take(overlay, lines)
}

/** `the log of m1`, or what the filter left of it. */
function describeLines({node, filter}: LogView, lines: number): string {
  return filter === '' ? `the log of ${node}` : `${lines} ${lines === 1 ? 'line' : 'lines'} of the log of ${node}`
}

/** Another node's log, with the same filter. */
function neighbour(state: UiState, by: number): Step<UiState> {
  const {overlay} = state
  const started = state.nodes.filter(({backend}) => backend !== null)
  if (overlay?.kind !== 'log' || started.length < 2) return step(state)
  const at = started.findIndex(({name}) => name === overlay.node)
  const node = started[(at + by + started.length) % started.length]!.name
  return watch(changeLog({...state, selectedNode: node}, {node, lines: [], scroll: following}), node)
}

function watch(state: UiState, node: string | null): Step<UiState> {
  return step(state, {type: 'nodes', request: {type: 'watchLog', node}})
}

function scroll(state: UiState, linesOf: LinesOf): UiState {
  const {overlay, size} = state
  if (overlay?.kind !== 'log') return state
  const height = innerRows(bodyArea(size).height)
  const options = {scroll: overlay.scroll, items: filteredLines(overlay), by: linesOf(height), height}
  return changeLog(state, {scroll: scrollBy(options)})
}

function isTyping({overlay}: UiState): boolean {
  return overlay?.kind === 'log' && overlay.typing
}

function editFilter(state: UiState, change: (filter: string) => string): UiState {
  const {overlay} = state
  return overlay?.kind === 'log' ? changeLog(state, {filter: change(overlay.filter), scroll: following}) : state
}

function changeLog(state: UiState, changed: Partial<LogView>): UiState {
  return state.overlay?.kind === 'log' ? {...state, overlay: {...state.overlay, ...changed}} : state
}
