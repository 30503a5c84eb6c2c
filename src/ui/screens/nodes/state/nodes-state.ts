import type {Address} from '../../../../protocol/address.js'
import type {NodeEvent} from '../../../../server/node-api/node-event.js'
import type {Scroll} from '../../../core/scroll.js'
import type {UiState} from '../../../core/ui-state.js'
import type {NodeView} from '../../../node-view/node-view.js'
import type {FormValues} from '../../../ports/form-spec.js'

declare module '../../../core/part-types.js' {
  interface ScreenStates {
    readonly nodesView: NodesState
    /** Name of the node under the cursor; null = the first one. */
    readonly selectedNode: string | null
    readonly eventsScroll: Scroll<NodeEvent>
  }
  interface ScreenEvents {
    nodes: NodesEvent
  }
  interface ScreenRequests {
    nodes: NodesRequest
  }
}

/** Result of a request. */
type NodesEvent = {
  readonly type: 'slabs'
  readonly node: string
  readonly lines: readonly string[]
}

export type NodesRequest =
  | {readonly type: 'launch'; readonly topology: string; readonly given: FormValues}
  /** Running servers, together: two are taken for a pair. */
  | {readonly type: 'attach'; readonly addresses: readonly Address[]}
  | {readonly type: 'kill' | 'terminate' | 'restart' | 'freeze' | 'thaw' | 'detach'; readonly node: string}
  /** From now on the samples carry this node's log; null: no log. */
  | {readonly type: 'watchLog'; readonly node: string | null}
  /** From now on this node's slab classes are read; null: no node's. */
  | {readonly type: 'watchSlabs'; readonly node: string | null}

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

/** The nodes that the filter lets through, by anything that the table says of them. */
export function visibleNodes(nodes: readonly NodeView[], {filter}: Pick<NodesState, 'filter'>): readonly NodeView[] {
  const wanted = filter.toLowerCase()
  if (wanted === '') return nodes
  return nodes.filter(({name, backend, address, status: {state, link, role}}) =>
    [name, backend ?? 'attached', address, state, link, role].some(text => text.toLowerCase().includes(wanted)),
  )
}

/** The node under the cursor, of those that the filter lets through. */
export function selectedNode({
  nodes,
  nodesView,
  selectedNode: name,
}: Pick<UiState, 'nodes' | 'nodesView' | 'selectedNode'>): NodeView | undefined {
  const visible = visibleNodes(nodes, nodesView)
  return visible.find(node => node.name === name) ?? visible[0]
}
