import {step} from '../../core/effect.js'
import {defineScreen} from '../../core/screen.js'
import {following} from '../../core/scroll.js'
import type {UiState} from '../../core/ui-state.js'
import type {Span} from '../../draw/text.js'
import {isLive, isSilent} from '../../node-view/node-view.js'
import {brokenPair, pairStatuses} from '../../node-view/pair-status.js'
import {NodesEffects} from './nodes-effects.js'
import {nodesBindings} from './nodes-keys.js'
import {openExplanation} from './overlays/explain-overlay.js'
import {openLog} from './overlays/log-overlay.js'
import {addSlabs, openSlabs} from './overlays/slabs-overlay.js'
import {launch} from './state/launch-commands.js'
import {nodeCommands} from './state/node-commands.js'
import {attach, backInNodes, filterTyping, nodesCommands, scrollEvents, selectNode} from './state/nodes-commands.js'
import {initialNodes} from './state/nodes-state.js'
import {NodesScreenView} from './view/nodes-view.js'

/** Nodes: launch, watch, break and restart nodes, one by one or as pairs. */
export const nodesScreen = defineScreen({
  id: 'nodes',
  title: 'Nodes',
  initial: {nodesView: initialNodes, selectedNode: null, eventsScroll: following},
  bindings: nodesBindings,
  commands: {
    ...nodesCommands,
    ...nodeCommands,
    'node.log': openLog,
    'node.explain': openExplanation,
    'node.slabs': openSlabs,
  },
  open: state => step({...state, screen: 'nodes'}),
  reduce: addSlabs,
  back: backInNodes,
  move: (state, by) => step(selectNode(state, by)),
  scroll: (state, linesOf) => step(scrollEvents(state, linesOf)),
  mode: ({nodesView}) => (nodesView.typing ? 'filter' : 'nav'),
  typing: filterTyping,
  status: pairSpans,
  paletteCommands: ({topologies}) => [
    {name: 'attach', argument: 'HOST:PORT …', help: 'show running nodes; two are taken for a pair', take: attach},
    ...topologies.map(({name, summary}) => ({
      name: `launch ${name}`,
      help: summary,
      changes: true as const,
      take: (state: UiState) => launch(state, name),
    })),
  ],
  effects: services => new NodesEffects(services),
  View: NodesScreenView,
})

/** Problems of the pairs, the worst first. */
function pairSpans(state: UiState): Span[] {
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
