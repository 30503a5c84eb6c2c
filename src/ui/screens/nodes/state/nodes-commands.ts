import {type Step, step} from '../../../core/effect.js'
import {readAddress} from '../../../core/read-address.js'
import type {LinesOf, Typing} from '../../../core/screen.js'
import {scrollBy} from '../../../core/scroll.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {innerRows} from '../../../draw/layout.js'
import {brokenPair} from '../../../node-view/pair-status.js'
import {ask} from '../../../overlays/dialog.js'
import {askForLine} from '../../../overlays/line-form.js'
import {nodeText} from './node-text.js'
import {nodesLayout} from './nodes-layout.js'
import {type NodesState, nodesPanes, selectedNode, visibleNodes} from './nodes-state.js'

/** What keys do to the Nodes screen as a whole; what they do to a node is in node-commands.ts. */
export const nodesCommands = {
  'nodes.pane': (state: UiState) => step(movePane(state, 1)),
  'nodes.paneBack': (state: UiState) => step(movePane(state, -1)),
  'nodes.full': (state: UiState) => step(changed(state, {full: !state.nodesView.full})),
  'nodes.filter': (state: UiState) => step(changed(state, {typing: true, pane: 'table'})),
  'node.details': (state: UiState) =>
    selectedNode(state) === undefined
      ? refuse(state, 'No node yet: n launches an embedded pair')
      : step(changed(state, {pane: 'details', full: true})),
  'node.attach': openAttachForm,
  'node.detach': detach,
  'nodes.copy': copy,
}

function movePane(state: UiState, by: number): UiState {
  const at = nodesPanes.indexOf(state.nodesView.pane)
  return changed(state, {pane: nodesPanes[(at + by + nodesPanes.length) % nodesPanes.length]!})
}

/** One level back on this screen; null: there is none. */
export function backInNodes(state: UiState): UiState | null {
  const {full, filter, pane} = state.nodesView
  if (full) return changed(state, {full: false, pane: 'table'})
  if (filter !== '') return changed(state, {filter: '', typing: false})
  return pane === 'table' ? null : changed(state, {pane: 'table'})
}

function openAttachForm(state: UiState): Step<UiState> {
  return askForLine(state, {
    title: 'Attach to running nodes',
    accept: 'attach',
    label: 'addresses',
    hint: 'HOST:PORT, or two for a pair; they are shown and loaded, never stopped',
    check: text =>
      readAddresses(text) === null ? `Expected HOST:PORT, or several, separated by spaces, got '${text}'` : null,
    take: attach,
  })
}

/** Shows running servers; two at once are taken for a pair. */
export function attach(state: UiState, text: string): Step<UiState> {
  const addresses = readAddresses(text)
  if (addresses === null) return refuse(state, `Expected HOST:PORT, or several, separated by spaces, got '${text}'`)
  return step({...state, screen: 'nodes'}, {type: 'nodes', request: {type: 'attach', addresses}})
}

function readAddresses(text: string) {
  const addresses = text.split(/[\s,]+/).flatMap(word => (word === '' ? [] : [readAddress(word)]))
  return addresses.length === 0 || addresses.includes(null) ? null : addresses.filter(address => address !== null)
}

function detach(state: UiState): Step<UiState> {
  const node = selectedNode(state)
  if (node === undefined) return refuse(state, 'No node is selected')
  if (node.backend !== null) return refuse(state, `${node.name} was started by repbench: t ends it, x kills it`)
  return step(
    ask(state, {
      title: `Detach ${node.name}?`,
      body: [`${node.name}, and what was attached with it, no longer shown. It runs on.`],
      yesLabel: `detach ${node.name}`,
      effects: [{type: 'nodes', request: {type: 'detach', node: node.name}}],
    }),
  )
}

/** What the pane with the keys shows. */
function copy(state: UiState): Step<UiState> {
  const node = selectedNode(state)
  const {pane} = state.nodesView
  if (pane === 'events') {
    const lines = state.events.map(({atMs, node: name, text}) => `${new Date(atMs).toISOString()} ${name} ${text}\n`)
    return step(state, {type: 'copy', text: lines.join(''), what: 'the events'})
  }
  if (node === undefined) return refuse(state, 'No node is selected')
  if (pane !== 'details') return step(state, {type: 'copy', text: node.address, what: `the address of ${node.name}`})
  const text = nodeText(node, state.nowMs)
    .map(([label, value]) => `${label}  ${value}\n`)
    .join('')
  return step(state, {type: 'copy', text, what: `the details of ${node.name}`})
}

function changed(state: UiState, view: Partial<NodesState>): UiState {
  return {...state, nodesView: {...state.nodesView, ...view}}
}

export function selectNode(state: UiState, by: number): UiState {
  const nodes = visibleNodes(state.nodes, state.nodesView)
  const at = nodes.findIndex(node => node.name === selectedNode(state)?.name)
  const next = nodes[Math.min(Math.max(0, at + by), nodes.length - 1)]
  return {...state, selectedNode: next?.name ?? null}
}

export function scrollEvents(state: UiState, linesOf: LinesOf): UiState {
  const {events, eventsScroll, size, nodes} = state
  const height = innerRows(nodesLayout(size, nodes.length, brokenPair(state) !== undefined).events.height)
  return {...state, eventsScroll: scrollBy({scroll: eventsScroll, items: events, by: linesOf(height), height})}
}

/** Keys go into the filter, which shows what was typed so far. */
export const filterTyping: Typing = {
  type: (state, text) => editFilter(state, filter => filter + text),
  edit: editFilter,
  close: state => changed(state, {typing: false}),
}

function editFilter(state: UiState, change: (filter: string) => string): UiState {
  return changed(state, {filter: change(state.nodesView.filter)})
}
