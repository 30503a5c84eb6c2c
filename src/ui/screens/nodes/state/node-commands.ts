import {type Step, step} from '../../../core/effect.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {isLive, isSilent, type NodeView} from '../../../node-view/node-view.js'
import {ask} from '../../../overlays/dialog.js'
import {launch, openLaunchForm} from './launch-commands.js'
import {selectedNode} from './nodes-state.js'

export const nodeCommands = {
  'node.new': (state: UiState) => (state.nodes.length === 0 ? launch(state, 'pair') : openLaunchForm(state)),
  'node.menu': openLaunchForm,
  'node.kill': (state: UiState) => withLiveNode(state, askToKill),
  'node.terminate': (state: UiState) => withLiveNode(state, askToTerminate),
  'node.freeze': (state: UiState) => withLiveNode(state, freezeOrThaw),
  'node.restart': restart,
  'node.console': (state: UiState) =>
    withNode(state, ({name}) => step(state, {type: 'show', screen: 'console', target: name})),
}

function askToKill(state: UiState, node: NodeView): Step<UiState> {
  return step(
    ask(state, {
      title: `Kill ${node.name}?`,
      body: [
        `kill -9 ${node.status.pid ?? ''} (${node.name}, ${node.address}). Its data in memory is gone.`,
        ...lastWords(state, node),
      ],
      yesLabel: `kill ${node.name}`,
      effects: [{type: 'nodes', request: {type: 'kill', node: node.name}}],
      ...(isLastAnswering(state, node) ? {typed: node.name} : {}),
    }),
  )
}

/** A frozen or silent partner answers nobody either, and a native memcached beside a pair has none of its data. */
function isLastAnswering(state: UiState, node: NodeView): boolean {
  const others = state.nodes.filter(other => isLive(other) && other.name !== node.name && answers(other))
  const partner = partnerOf(state, node)
  return partner === undefined ? others.length === 0 : !others.some(({name}) => name === partner)
}

function partnerOf({pairs}: UiState, {name}: NodeView): string | undefined {
  const pair = pairs.find(({master, slave}) => name === master || name === slave)
  return pair === undefined ? undefined : name === pair.master ? pair.slave : pair.master
}

function answers(node: NodeView): boolean {
  return node.status.state === 'up' && !isSilent(node)
}

function lastWords(state: UiState, node: NodeView): string[] {
  if (!isLastAnswering(state, node)) return []
  const partner = partnerOf(state, node)
  const rest = partner === undefined ? 'nothing answers after this' : `${partner} does not answer either`
  return [`${node.name} is the last live node${partner === undefined ? '' : ' of its pair'}: ${rest}.`]
}

function askToTerminate(state: UiState, node: NodeView): Step<UiState> {
  return step(
    ask(state, {
      title: `Terminate ${node.name}?`,
      body: [
        `SIGTERM to ${node.status.pid ?? ''} (${node.name}, ${node.address}). It drains its queue, then ends.`,
        ...lastWords(state, node),
      ],
      yesLabel: `terminate ${node.name}`,
      effects: [{type: 'nodes', request: {type: 'terminate', node: node.name}}],
      ...(isLastAnswering(state, node) ? {typed: node.name} : {}),
    }),
  )
}

function freezeOrThaw(state: UiState, node: NodeView): Step<UiState> {
  const {name, status} = node
  if (status.state === 'paused') return step(state, {type: 'nodes', request: {type: 'thaw', node: name}})
  if (status.state !== 'up') return refuse(state, `${name} is still ${status.state}: it can be frozen once it is up`)
  const text = `${name} is frozen: it accepts connections and answers nothing; z thaws it`
  return step({...state, notice: {tone: 'ok', text}}, {type: 'nodes', request: {type: 'freeze', node: name}})
}

function restart(state: UiState): Step<UiState> {
  return withOwnNode(state, node => {
    if (!isLive(node)) return step(state, {type: 'nodes', request: {type: 'restart', node: node.name}})
    return step(
      ask(state, {
        title: `Restart ${node.name}?`,
        body: [
          `${node.name} runs: it is stopped first, and its data in memory is gone.`,
          ...(isLastAnswering(state, node) ? ['No other node answers to give it a full sync.'] : []),
        ],
        yesLabel: `restart ${node.name}`,
        effects: [{type: 'nodes', request: {type: 'restart', node: node.name}}],
      }),
    )
  })
}

function withNode(state: UiState, body: (node: NodeView) => Step<UiState>): Step<UiState> {
  const node = selectedNode(state)
  return node === undefined ? refuse(state, 'No node yet: n launches an embedded pair') : body(node)
}

/** What repbench has not started it doesn't end either. */
function withOwnNode(state: UiState, body: (node: NodeView) => Step<UiState>): Step<UiState> {
  return withNode(state, node =>
    node.backend === null
      ? refuse(state, `${node.name} was not started by repbench, which does not stop or change it`)
      : body(node),
  )
}

function withLiveNode(state: UiState, body: (state: UiState, node: NodeView) => Step<UiState>): Step<UiState> {
  return withOwnNode(state, node =>
    isLive(node) ? body(state, node) : refuse(state, `${node.name} does not run: r starts it again`),
  )
}
