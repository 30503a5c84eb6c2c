import {assertNever, messageOf} from '../../protocol/errors.js'
import type {Action} from '../core/action.js'
import type {Effect, QuitReason} from '../core/effect.js'
import type {TerminalControl} from '../paint/terminal-control.js'
import type {UiPorts, UiRun} from '../ports/ui-ports.js'
import {ConsoleEffects} from '../screens/console/console-effects.js'
import type {ConsoleHub} from '../screens/console/console-hub.js'
import {DrillEffects} from '../screens/drill/drill-effects.js'
import {LoadEffects} from '../screens/load/load-effects.js'
import {NodeEffects} from '../screens/nodes/node-effects.js'
import {SlabWatch} from '../screens/nodes/overlays/slab-watch.js'
import {ReportEffects} from '../screens/report/report-effects.js'
import type {Sampler} from './sampler.js'

export interface EffectsOptions {
  readonly ports: UiPorts
  readonly sampler: Sampler
  readonly consoles: ConsoleHub
  readonly terminal: TerminalControl
  readonly dispatch: (action: Action) => void
  readonly onQuit: (reason: QuitReason) => void
}

/** Carries out what the state asks for, and tells the state how it went. */
export class Effects {
  readonly #options: EffectsOptions
  readonly #consoles: ConsoleEffects
  readonly #drills: DrillEffects
  readonly #loads: LoadEffects
  readonly #nodes: NodeEffects
  readonly #reports: ReportEffects
  readonly #slabs: SlabWatch

  constructor(options: EffectsOptions) {
    const {ports, sampler, consoles, dispatch} = options
    this.#options = options
    this.#consoles = new ConsoleEffects({hub: consoles, history: ports.consoles.history, dispatch})
    this.#drills = new DrillEffects({port: ports.drills, sampler, dispatch})
    this.#loads = new LoadEffects({ports, sampler, dispatch})
    this.#slabs = new SlabWatch({ports, dispatch})
    this.#nodes = new NodeEffects({ports, sampler, dispatch})
    this.#reports = new ReportEffects({port: ports.reports, dispatch})
  }

  /** The load run under way, if there is one. */
  get run(): UiRun | undefined {
    return this.#loads.run
  }

  carryOut(effect: Effect): void {
    const {sampler, consoles, terminal, onQuit} = this.#options
    switch (effect.type) {
      case 'launch':
      case 'kill':
      case 'terminate':
      case 'restart':
      case 'freeze':
      case 'thaw':
      case 'attach':
      case 'detach':
        this.#nodes.carryOut(effect)
        break
      case 'watchLog':
        sampler.watchLog(effect.node)
        break
      case 'watchSlabs':
        this.#slabs.watch(effect.node)
        break
      case 'load':
        this.#loads.carryOut(effect.request)
        break
      case 'openConsoles':
        consoles.openAll()
        break
      case 'send':
        this.#consoles.send(effect.nodes, effect.line)
        break
      case 'console':
        this.#consoles.carryOut(effect.request)
        break
      case 'copy':
        this.#notice('ok', terminal.copy(effect))
        break
      case 'saveText':
        void this.#save(effect)
        break
      case 'suspend':
        void this.#suspend()
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

  async #save({name, text, what}: Extract<Effect, {type: 'saveText'}>): Promise<void> {
    try {
      this.#notice('ok', `Saved ${what} as ${await this.#options.ports.saveText({name, text})}`)
    } catch (error) {
      this.#notice('bad', messageOf(error))
    }
  }

  async #suspend(): Promise<void> {
    const stopped = await this.#options.terminal.suspend().catch(() => false)
    if (!stopped) this.#notice('bad', 'There is no shell to go back to')
  }

  #notice(tone: 'ok' | 'bad', text: string): void {
    this.#options.dispatch({type: 'notice', notice: {tone, text}})
  }
}
