import {assertNever, messageOf} from '../../../protocol/errors.js'
import type {Action} from '../../core/action.js'
import type {ScreenEffects, Services} from '../../core/screen.js'
import type {UiDrill} from '../../ports/drill-port.js'
import type {DrillRequest} from './state/drill-state.js'

/** Carries out the requests of the Drill screen. */
export class DrillEffects implements ScreenEffects<'drill'> {
  readonly #services: Services
  #drill: UiDrill | undefined

  constructor(services: Services) {
    this.#services = services
  }

  carryOut(request: DrillRequest): void {
    const {ports, dispatch} = this.#services
    switch (request.type) {
      case 'list':
        this.#tell(ports.drills.list(), drills => dispatch({type: 'drill', event: {type: 'listed', drills}}))
        break
      case 'past':
        this.#tell(ports.drills.past(), past => dispatch({type: 'drill', event: {type: 'pastListed', past}}))
        break
      case 'open':
        this.#tell(ports.drills.open(request.path), text =>
          dispatch({type: 'drill', event: {type: 'opened', title: request.title, text}}),
        )
        break
      case 'start':
        this.#start(request)
        break
      case 'stop':
        // It may have ended while the question was open.
        if (this.#drill === undefined) break
        this.#drill.stop()
        dispatch({type: 'drill', event: {type: 'stopping'}})
        break
      default:
        assertNever(request)
    }
  }

  #start({drill: name, given}: Extract<DrillRequest, {type: 'start'}>): void {
    const {ports, sampler, dispatch} = this.#services
    const drill = ports.drills.start({
      drill: name,
      given,
      onStep: step => sampler.addDrillStep(step),
      onSnapshot: snapshot => sampler.addDrillSnapshot(snapshot),
      onRound: round => {
        // What the drill before it did last is no part of its picture.
        sampler.tick()
        dispatch({type: 'drill', event: {type: 'round', round}})
      },
    })
    this.#drill = drill
    const finish = (action: Action) => {
      // The last steps belong into the picture before it stands still.
      sampler.tick()
      if (this.#drill === drill) this.#drill = undefined
      dispatch(action)
      this.carryOut({type: 'past'})
    }
    drill.finished.then(
      result => finish({type: 'drill', event: {type: 'ended', result}}),
      (error: unknown) => finish({type: 'drill', event: {type: 'failed', error: messageOf(error)}}),
    )
  }

  #tell<Value>(asked: Promise<Value>, answer: (value: Value) => void): void {
    asked.then(answer, (error: unknown) =>
      this.#services.dispatch({type: 'notice', notice: {tone: 'bad', text: `Drills: ${messageOf(error)}`}}),
    )
  }
}
