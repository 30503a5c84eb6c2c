import {openConsole} from './console-commands.js'
import {ask} from './dialog-commands.js'
import {type Step, step} from './effect.js'
import {launch, openLaunchForm} from './launch-commands.js'
import type {NodeView} from './node-view.js'
import {selectedNode, type UiState} from './ui-state.js'

export const nodeCommands = {
  'node.new': (state: UiState) => (state.nodes.length === 0 ? launch(state, 'pair') : openLaunchForm(state)),
  'node.menu': openLaunchForm,
  'node.kill': (state: UiState) => withLiveNode(state, askToKill),
  'node.terminate': (state: UiState) => withLiveNode(state, askToTerminate),
  'node.freeze': (state: UiState) => withLiveNode(state, freezeOrThaw),
  'node.restart': restart,
  'node.console': (state: UiState) => withNode(state, node => openConsole(state, node.name)),
}

function askToKill(state: UiState, node: NodeView): Step<UiState> {
  const last = liveNodes(state).length === 1
  return step(
    ask(state, {
      title: `Kill ${node.name}?`,
      body: [
        `kill -9 ${node.status.pid ?? ''} (${node.name}, ${node.address}). What it holds in memory is gone.`,
        ...(last ? [`${node.name} is the last live node: nothing answers after this.`] : []),
      ],
      yesLabel: `kill ${node.name}`,
      effects: [{type: 'kill', node: node.name}],
      ...(last ? {typed: node.name} : {}),
    }),
  )
}

function askToTerminate(state: UiState, node: NodeView): Step<UiState> {
  return step(
    ask(state, {
      title: `Terminate ${node.name}?`,
      body: [`SIGTERM to ${node.status.pid ?? ''} (${node.name}, ${node.address}). It drains its queue, then ends.`],
      yesLabel: `terminate ${node.name}`,
      effects: [{type: 'terminate', node: node.name}],
    }),
  )
}

function freezeOrThaw(state: UiState, node: NodeView): Step<UiState> {
  const {name, status} = node
  if (status.state === 'paused') return step(state, {type: 'thaw', node: name})
  if (status.state !== 'up') return refuse(state, `${name} is still ${status.state}: it can be frozen once it is up`)
  const text = `${name} is frozen: connections are taken, nothing is answered. z thaws it`
  return step({...state, notice: {tone: 'ok', text}}, {type: 'freeze', node: name})
}

function restart(state: UiState): Step<UiState> {
  return withOwnNode(state, node => {
    if (!isLive(node)) return step(state, {type: 'restart', node: node.name})
    return step(
      ask(state, {
        title: `Restart ${node.name}?`,
        body: [`${node.name} runs: it is stopped first, and what it holds in memory is gone.`],
        yesLabel: `restart ${node.name}`,
        effects: [{type: 'restart', node: node.name}],
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
      ? refuse(state, `${node.name} was not started by repbench: it is only looked at`)
      : body(node),
  )
}

function withLiveNode(state: UiState, body: (state: UiState, node: NodeView) => Step<UiState>): Step<UiState> {
  return withOwnNode(state, node =>
    isLive(node) ? body(state, node) : refuse(state, `${node.name} does not run: r starts it again`),
  )
}

function refuse(state: UiState, text: string): Step<UiState> {
  return step({...state, notice: {tone: 'bad', text}})
}

export function isLive({status: {state}}: NodeView): boolean {
  return state === 'up' || state === 'paused' || state === 'starting'
}

export function liveNodes({nodes}: Pick<UiState, 'nodes'>): readonly NodeView[] {
  return nodes.filter(isLive)
}
