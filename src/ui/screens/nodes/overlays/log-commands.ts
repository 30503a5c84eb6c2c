import type {LogLine} from '../../../../server/node-api/cluster-node.js'
import {type Step, step} from '../../../core/effect.js'
import type {LogView, Overlay} from '../../../core/overlay.js'
import {following, scrollBy} from '../../../core/scroll.js'
import {selectedNode, type UiState} from '../../../core/ui-state.js'
import {formatClock} from '../../../draw/format.js'
import {bodyArea, innerRows} from '../../../draw/layout.js'

export const logCommands = {
  'node.log': openLog,
  'log.close': closeLog,
  'log.next': (state: UiState) => neighbour(state, 1),
  'log.previous': (state: UiState) => neighbour(state, -1),
  'log.up': (state: UiState) => step(scroll(state, () => -1)),
  'log.down': (state: UiState) => step(scroll(state, () => 1)),
  'log.pageUp': (state: UiState) => step(scroll(state, height => 1 - height)),
  'log.pageDown': (state: UiState) => step(scroll(state, height => height - 1)),
  'log.top': (state: UiState) => step(scroll(state, () => Number.NEGATIVE_INFINITY)),
  'log.follow': (state: UiState) => step(changeLog(state, {scroll: following})),
  'log.filter': (state: UiState) => step(changeLog(state, {typing: true})),
  'log.copy': copy,
  'log.save': save,
}

/** The lines that the filter lets through. */
export function filteredLines({lines, filter}: Pick<LogView, 'lines' | 'filter'>): readonly LogLine[] {
  const wanted = filter.toLowerCase()
  return wanted === '' ? lines : lines.filter(({text}) => text.toLowerCase().includes(wanted))
}

/** The newest lines of the log that is being read. */
export function addLog(overlay: Overlay | null, {node, lines}: Pick<LogView, 'node' | 'lines'>): Overlay | null {
  return overlay?.kind === 'log' && overlay.node === node ? {...overlay, lines} : overlay
}

function openLog(state: UiState): Step<UiState> {
  const node = selectedNode(state)
  if (node === undefined) return step({...state, notice: {tone: 'bad', text: 'No node yet: n launches a pair'}})
  if (node.backend === null) {
    const text = `${node.name} was not started by repbench: its log is where its host keeps it`
    return step({...state, notice: {tone: 'bad', text}})
  }
  const overlay: LogView = {kind: 'log', node: node.name, lines: [], filter: '', typing: false, scroll: following}
  return step({...state, selectedNode: node.name, overlay}, {type: 'watchLog', node: node.name})
}

function closeLog(state: UiState): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind === 'log' && overlay.filter !== '') return step(changeLog(state, {filter: '', scroll: following}))
  return step({...state, overlay: null}, {type: 'watchLog', node: null})
}

function copy(state: UiState): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind !== 'log') return step(state)
  const lines = filteredLines(overlay)
  if (lines.length === 0) return nothingThere(state)
  const text = lines.map(line => `${formatClock(line.atMs)} ${line.text}\n`).join('')
  return step(state, {type: 'copy', text, what: describeLines(overlay, lines.length), keep: 'end'})
}

function save(state: UiState): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind !== 'log') return step(state)
  const lines = filteredLines(overlay)
  if (lines.length === 0) return nothingThere(state)
  const text = lines.map(line => `${new Date(line.atMs).toISOString()} ${line.text}\n`).join('')
  return step(state, {type: 'saveText', name: `log-${overlay.node}`, text, what: describeLines(overlay, lines.length)})
}

/** `the log of m1`, or what the filter left of it. */
function describeLines({node, filter}: LogView, lines: number): string {
  return filter === '' ? `the log of ${node}` : `${lines} ${lines === 1 ? 'line' : 'lines'} of the log of ${node}`
}

function nothingThere(state: UiState): Step<UiState> {
  return step({...state, notice: {tone: 'bad', text: 'There is no line to take'}})
}

/** Another node's log, with the same filter. */
function neighbour(state: UiState, by: number): Step<UiState> {
  const {overlay} = state
  const started = state.nodes.filter(({backend}) => backend !== null)
  if (overlay?.kind !== 'log' || started.length < 2) return step(state)
  const at = started.findIndex(({name}) => name === overlay.node)
  const node = started[(at + by + started.length) % started.length]!.name
  const next = changeLog({...state, selectedNode: node}, {node, lines: [], scroll: following})
  return step(next, {type: 'watchLog', node})
}

function scroll(state: UiState, linesOf: (height: number) => number): UiState {
  const {overlay, size} = state
  if (overlay?.kind !== 'log') return state
  const height = innerRows(bodyArea(size).height)
  const options = {scroll: overlay.scroll, items: filteredLines(overlay), by: linesOf(height), height}
  return changeLog(state, {scroll: scrollBy(options)})
}

/** Changes the log that is being read, if one is. */
export function changeLog(state: UiState, changed: Partial<LogView>): UiState {
  return state.overlay?.kind === 'log' ? {...state, overlay: {...state.overlay, ...changed}} : state
}
