import {assertNever, messageOf} from '../../../protocol/errors.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {Action} from '../../core/action.js'
import type {ScreenEffects, Services} from '../../core/screen.js'
import type {NodesRequest} from './state/nodes-state.js'

const SLABS_READ_EVERY_MS = 1000

/** Carries out the requests of the Nodes screen: launches, ends and freezes nodes, and reads what they tell. */
export class NodesEffects implements ScreenEffects<'nodes'> {
  readonly #services: Services
  /** The node whose slab classes are read; null: no node's. */
  #slabsOf: string | null = null
  #slabsTimer: NodeJS.Timeout | undefined

  constructor(services: Services) {
    this.#services = services
  }

  carryOut(request: NodesRequest): void {
    const {ports, sampler} = this.#services
    switch (request.type) {
      case 'launch':
        this.#launch(request)
        break
      case 'attach':
        ports.attach(request.addresses)
        sampler.tick()
        break
      case 'detach':
        this.#withNode(request.node, node => this.#follow(`Detaching ${node.name}`, ports.detach(node)))
        break
      case 'kill':
        this.#withNode(request.node, node => this.#follow(`Killing ${node.name}`, node.kill()))
        break
      case 'terminate':
        this.#withNode(request.node, node => this.#follow(`Terminating ${node.name}`, node.stop()))
        break
      case 'restart':
        this.#withNode(request.node, node => this.#follow(`Starting ${node.name}`, ports.restart(node)))
        break
      case 'freeze':
        this.#withNode(request.node, node => node.pause())
        sampler.tick()
        break
      case 'thaw':
        this.#withNode(request.node, node => node.resume())
        sampler.tick()
        break
      case 'watchLog':
        sampler.watchLog(request.node)
        break
      case 'watchSlabs':
        clearTimeout(this.#slabsTimer)
        this.#slabsOf = request.node
        if (request.node !== null) void this.#readSlabs(request.node)
        break
      default:
        assertNever(request)
    }
  }

  close(): void {
    clearTimeout(this.#slabsTimer)
    this.#slabsOf = null
  }

  #withNode(name: string, body: (node: ClusterNode) => void): void {
    const node = this.#services.ports.nodes().find(candidate => candidate.name === name)
    if (node !== undefined) body(node)
  }

  #launch({topology, given}: Extract<NodesRequest, {type: 'launch'}>): void {
    const name = topology === 'pair' ? 'The pair' : topology
    this.#follow(
      `Launching ${topology}`,
      this.#services.ports.launch(topology, given),
      `${name} is up: 3 types to it, 2 loads it`,
    )
  }

  /** Shows what is being done, then its success or its error. */
  #follow(activity: string, done: Promise<void>, success?: string): void {
    const {dispatch, sampler} = this.#services
    dispatch({type: 'activity', activity})
    const finish = (action?: Action) => {
      sampler.tick()
      dispatch({type: 'activity', activity: null})
      if (action !== undefined) dispatch(action)
    }
    done.then(
      () => finish(success === undefined ? undefined : {type: 'notice', notice: {tone: 'ok', text: success}}),
      (error: unknown) => finish({type: 'notice', notice: {tone: 'bad', text: failureText(activity, error)}}),
    )
  }

  async #readSlabs(name: string): Promise<void> {
    const {ports, dispatch} = this.#services
    const node = ports.nodes().find(candidate => candidate.name === name)
    if (node === undefined) return
    let lines: readonly string[]
    try {
      lines = await ports.slabs(node)
    } catch (error) {
      lines = [`${name} does not answer: ${messageOf(error)}`]
    }
    if (this.#slabsOf !== name) return
    dispatch({type: 'nodes', event: {type: 'slabs', node: name, lines}})
    this.#slabsTimer = setTimeout(() => void this.#readSlabs(name), SLABS_READ_EVERY_MS)
  }
}

/** A message that says what was expected needs nothing before it; there is one line for both. */
function failureText(activity: string, error: unknown): string {
  const message = messageOf(error)
  return message.startsWith('Expected ') ? message : `${activity}: ${message}`
}
