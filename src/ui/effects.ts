import {assertNever} from '../protocol/errors.js'
import type {ClusterNode} from '../server/cluster-node.js'
import type {ConsoleHub} from './console-hub.js'
import {DrillEffects} from './drill-effects.js'
import {LoadEffects} from './load-effects.js'
import {messageOf} from './message-of.js'
import type {UiPorts, UiRun} from './ports.js'
import {ReportEffects} from './report-effects.js'
import type {Sampler} from './sampler.js'
import type {Action} from './state/action.js'
import type {Effect, QuitReason} from './state/effect.js'

export interface EffectsOptions {
  readonly ports: UiPorts
  readonly sampler: Sampler
  readonly consoles: ConsoleHub
  readonly dispatch: (action: Action) => void
  readonly onQuit: (reason: QuitReason) => void
}

/** Carries out what the state asks for, and tells the state how it went. */
export class Effects {
  readonly #options: EffectsOptions
  readonly #drills: DrillEffects
  readonly #loads: LoadEffects
  readonly #reports: ReportEffects

  constructor(options: EffectsOptions) {
    const {ports, sampler, dispatch} = options
    this.#options = options
    this.#drills = new DrillEffects({port: ports.drills, sampler, dispatch})
    this.#loads = new LoadEffects({ports, sampler, dispatch})
    this.#reports = new ReportEffects({port: ports.reports, dispatch})
  }

  /** The load run under way, if there is one. */
  get run(): UiRun | undefined {
    return this.#loads.run
  }

  carryOut(effect: Effect): void {
    const {ports, sampler, consoles, onQuit} = this.#options
    switch (effect.type) {
      case 'launch':
        this.#launch(effect.topology)
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
      case 'watchLog':
        sampler.watchLog(effect.node)
        break
      case 'load':
        this.#loads.carryOut(effect.request)
        break
      case 'openConsoles':
        consoles.openAll()
        break
      case 'send':
        for (const node of effect.nodes) consoles.send(node, effect.line)
        break
      case 'drill':
        this.#drills.carryOut(effect.request)
        break
      case 'report':
        this.#reports.carryOut(effect.request)
        break
      case 'quit':
        onQuit(effect.reason)
        break
      default:
        assertNever(effect)
    }
  }

  #withNode(name: string, body: (node: ClusterNode) => void): void {
    const node = this.#options.ports.nodes().find(candidate => candidate.name === name)
    if (node !== undefined) body(node)
  }

  #launch(topology: string): void {
    const name = topology === 'pair' ? 'The pair' : topology
    this.#tell(
      `Launching ${topology}`,
      this.#options.ports.launch(topology),
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
