import {assertNever, messageOf} from '../../../protocol/errors.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {Action} from '../../core/action.js'
import type {NodeEffect} from '../../core/effect.js'
import type {UiPorts} from '../../ports/ui-ports.js'
import type {Sampler} from '../../shell/sampler.js'

interface NodeEffectsOptions {
  readonly ports: UiPorts
  readonly sampler: Sampler
  readonly dispatch: (action: Action) => void
}

/** Launches nodes, ends them, freezes them, and tells how it went. */
export class NodeEffects {
  readonly #options: NodeEffectsOptions

  constructor(options: NodeEffectsOptions) {
    this.#options = options
  }

  carryOut(effect: NodeEffect): void {
    const {ports, sampler} = this.#options
    switch (effect.type) {
      case 'launch':
        this.#launch(effect)
        break
      case 'attach':
        ports.attach(effect.addresses)
        sampler.tick()
        break
      case 'detach':
        this.#withNode(effect.node, node => this.#tell(`Detaching ${node.name}`, ports.detach(node)))
        break
      case 'kill':
        this.#withNode(effect.node, node => this.#tell(`Killing ${node.name}`, node.kill()))
        break
      case 'terminate':
        this.#withNode(effect.node, node => this.#tell(`Terminating ${node.name}`, node.stop()))
        break
      case 'restart':
        this.#withNode(effect.node, node => this.#tell(`Starting ${node.name}`, ports.restart(node)))
        break
      case 'freeze':
        this.#withNode(effect.node, node => node.pause())
        sampler.tick()
        break
      case 'thaw':
        this.#withNode(effect.node, node => node.resume())
        sampler.tick()
        break
      default:
        assertNever(effect)
    }
  }

  #withNode(name: string, body: (node: ClusterNode) => void): void {
    const node = this.#options.ports.nodes().find(candidate => candidate.name === name)
    if (node !== undefined) body(node)
  }

  #launch({topology, given}: Extract<NodeEffect, {type: 'launch'}>): void {
    const name = topology === 'pair' ? 'The pair' : topology
    this.#tell(
      `Launching ${topology}`,
      this.#options.ports.launch(topology, given),
      `${name} is up: 3 types to it, 2 loads it`,
    )
  }

  /** Shows what is being done, then its success or its error. */
  #tell(what: string, done: Promise<void>, success?: string): void {
    const {dispatch, sampler} = this.#options
    dispatch({type: 'busy', what})
    const finish = (action?: Action) => {
      sampler.tick()
      dispatch({type: 'busy', what: null})
      if (action !== undefined) dispatch(action)
    }
    done.then(
      () => finish(success === undefined ? undefined : {type: 'notice', notice: {tone: 'ok', text: success}}),
      (error: unknown) => finish({type: 'notice', notice: {tone: 'bad', text: failureText(what, error)}}),
    )
  }
}

/** What says what was expected says it all; there is one line for it. */
function failureText(what: string, error: unknown): string {
  const message = messageOf(error)
  return message.startsWith('Expected ') ? message : `${what}: ${message}`
}
