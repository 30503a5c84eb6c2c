import type {NodeView} from '../../../node-view/node-view.js'

export const nodesPanes = ['table', 'topology', 'details', 'events'] as const
export type NodesPane = (typeof nodesPanes)[number]

export interface NodesState {
  /** Where `f` and `y` work. */
  readonly pane: NodesPane
  /** That pane alone. */
  readonly full: boolean
  /** Only nodes with this text are shown; upper and lower case are the same. */
  readonly filter: string
  /** Keys go into the filter. */
  readonly typing: boolean
}

export const initialNodes: NodesState = {pane: 'table', full: false, filter: '', typing: false}

/** Whether esc has something to take back. */
export function isInsideNodes({full, filter, pane}: NodesState): boolean {
  return full || filter !== '' || pane !== 'table'
}

/** The nodes that the filter lets through, by anything that the table says of them. */
export function visibleNodes(nodes: readonly NodeView[], {filter}: Pick<NodesState, 'filter'>): readonly NodeView[] {
  const wanted = filter.toLowerCase()
  if (wanted === '') return nodes
  return nodes.filter(({name, backend, address, status: {state, link, role}}) =>
    [name, backend ?? 'attached', address, state, link, role].some(text => text.toLowerCase().includes(wanted)),
  )
}
