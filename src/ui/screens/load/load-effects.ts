import {assertNever, messageOf} from '../../../protocol/errors.js'
import type {ScreenEffects, Services} from '../../core/screen.js'
import type {UiRun} from '../../ports/run-port.js'
import type {LoadEvent, LoadRequest} from './state/load-state.js'

type StartRequest = Extract<LoadRequest, {type: 'start'}>
type SaveRequest = Extract<LoadRequest, {type: 'save'}>

/** Carries out the requests of the Load screen. */
export class LoadEffects implements ScreenEffects<'load'> {
  readonly #services: Services
  #run: UiRun | undefined

  constructor(services: Services) {
    this.#services = services
  }

  async finish(): Promise<void> {
    this.#run?.stop()
    await this.#run?.finished.catch(() => {})
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
        this.#try('Cannot save the profile', this.#save(request))
        break
      default:
        assertNever(request)
    }
  }

  async #list(): Promise<void> {
    this.#tell({type: 'listed', profiles: await this.#services.ports.profiles()})
  }

  async #save(request: SaveRequest): Promise<void> {
    const {ports} = this.#services
    const path = await ports.saveProfile(request)
    if (path === null) this.#tell({type: 'taken', request})
    else this.#tell({type: 'saved', profile: request.profile, path, profiles: await ports.profiles()})
  }

  #start({profile, given, node, lagProbe, both = false}: StartRequest): void {
    const {ports, sampler} = this.#services
    const target = ports.nodes().find(candidate => candidate.name === node)
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
      this.#services.dispatch({type: 'notice', notice: {tone: 'bad', text: `${what}: ${messageOf(error)}`}})
    })
  }

  #tell(event: LoadEvent): void {
    this.#services.dispatch({type: 'load', event})
  }
}
