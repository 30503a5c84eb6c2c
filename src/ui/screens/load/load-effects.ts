import {assertNever, messageOf} from '../../../protocol/errors.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {Action} from '../../core/action.js'
import type {LoadRequest} from '../../core/effect.js'
import type {UiPorts, UiRun} from '../../ports/ui-ports.js'
import type {Sampler} from '../../shell/sampler.js'
import type {LoadEvent} from './state/load-state.js'

type StartRequest = Extract<LoadRequest, {type: 'start'}>
type SaveRequest = Extract<LoadRequest, {type: 'save'}>

interface LoadEffectsOptions {
  readonly ports: Pick<UiPorts, 'nodes' | 'profiles' | 'startRun' | 'saveProfile'>
  readonly sampler: Sampler
  readonly dispatch: (action: Action) => void
}

/** Carries out what the Load screen asks for. */
export class LoadEffects {
  readonly #options: LoadEffectsOptions
  #run: UiRun | undefined

  constructor(options: LoadEffectsOptions) {
    this.#options = options
  }

  /** The load run under way, if there is one. */
  get run(): UiRun | undefined {
    return this.#run
  }

  carryOut(request: LoadRequest): void {
    switch (request.type) {
      case 'list':
        this.#try('Profiles', this.#list())
        break
      case 'start':
        this.#start(request)
        break
      case 'stop':
        this.#run?.stop()
        break
      case 'rate':
        if (this.#run?.changeRate(request.ratePerSecond) !== true) this.#tell({type: 'rateRefused'})
        break
      case 'save':
        this.#try('The profile was not saved', this.#save(request))
        break
      default:
        assertNever(request)
    }
  }

  async #list(): Promise<void> {
    this.#tell({type: 'listed', profiles: await this.#options.ports.profiles()})
  }

  async #save(request: SaveRequest): Promise<void> {
    const {ports} = this.#options
    const path = await ports.saveProfile(request)
    if (path === null) this.#tell({type: 'taken', request})
    else this.#tell({type: 'saved', profile: request.profile, path, profiles: await ports.profiles()})
  }

  #start({profile, given, node, lagProbe, both = false}: StartRequest): void {
    const {ports, sampler} = this.#options
    const target = ports.nodes().find((candidate: ClusterNode) => candidate.name === node)
    if (target === undefined) return
    const run = ports.startRun({
      profile,
      given,
      node: target,
      lagProbe,
      both,
      onSnapshot: snapshot => sampler.addSnapshot(snapshot),
      onRound: round => {
        // What the run before it sent last is no part of its picture.
        sampler.tick()
        this.#tell({type: 'round', round})
      },
    })
    this.#run = run
    const finish = (event: LoadEvent) => {
      // What the run sent last belongs into the picture before it stands still.
      sampler.tick()
      if (this.#run === run) this.#run = undefined
      this.#tell(event)
    }
    run.finished.then(
      result => finish({type: 'ended', result}),
      (error: unknown) => finish({type: 'failed', error: messageOf(error)}),
    )
  }

  #try(what: string, done: Promise<void>): void {
    done.catch((error: unknown) => {
      this.#options.dispatch({type: 'notice', notice: {tone: 'bad', text: `${what}: ${messageOf(error)}`}})
    })
  }

  #tell(event: LoadEvent): void {
    this.#options.dispatch({type: 'load', event})
  }
}
