import {messageOf} from '../../../protocol/errors.js'
import type {Action} from '../../core/action.js'
import type {DrillRequest} from '../../core/effect.js'
import type {DrillPort, UiDrill} from '../../ports/drill-port.js'
import type {Sampler} from '../../shell/sampler.js'

interface DrillEffectsOptions {
  readonly port: DrillPort
  readonly sampler: Sampler
  readonly dispatch: (action: Action) => void
}

/** Carries out what the Drill screen asks for. */
export class DrillEffects {
  readonly #options: DrillEffectsOptions
  #drill: UiDrill | undefined

  constructor(options: DrillEffectsOptions) {
    this.#options = options
  }

  carryOut(request: DrillRequest): void {
    const {port, dispatch} = this.#options
    switch (request.type) {
      case 'list':
        this.#tell(port.list(), drills => dispatch({type: 'drill', event: {type: 'listed', drills}}))
        break
      case 'past':
        this.#tell(port.past(), past => dispatch({type: 'drill', event: {type: 'pastListed', past}}))
        break
      case 'open':
        this.#tell(port.open(request.path), text =>
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
    }
  }

  #start({drill: name, given}: Extract<DrillRequest, {type: 'start'}>): void {
    const {port, sampler, dispatch} = this.#options
    const drill = port.start({
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
      this.#options.dispatch({type: 'notice', notice: {tone: 'bad', text: `Drills: ${messageOf(error)}`}}),
    )
  }
}
