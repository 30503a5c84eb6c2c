import {assertNever, messageOf} from '../../../protocol/errors.js'
import {isMemorable} from '../../core/line-editor.js'
import type {ScreenEffects, Services} from '../../core/screen.js'
import type {ConsoleAnswer} from '../../ports/console-port.js'
import {ConsoleHub} from './console-hub.js'
import type {ConsoleRequest} from './state/console-state.js'

/** Carries out the requests of the Console screen. */
export class ConsoleEffects implements ScreenEffects<'console'> {
  readonly #services: Services
  readonly #hub: ConsoleHub

  constructor(services: Services) {
    const {ports, dispatch} = services
    this.#services = services
    this.#hub = new ConsoleHub(ports, sessions => dispatch({type: 'console', event: {type: 'sessions', sessions}}))
  }

  onTick(): void {
    this.#hub.tick()
  }

  close(): void {
    this.#hub.close()
  }

  carryOut(request: ConsoleRequest): void {
    const hub = this.#hub
    switch (request.type) {
      case 'openAll':
        hub.openAll()
        break
      case 'open':
        hub.openAddress(request.address)
        break
      case 'send':
        this.#send(request)
        break
      case 'end':
        hub.end(request.node)
        break
      case 'checkKey':
        this.#tell(hub.checkKey(request.key), answer => answer)
        break
      case 'replay':
        this.#tell(hub.replay(request.file, request.target), ({good, text}) => ({good, text: `Replayed: ${text}`}))
        break
      case 'save':
        this.#tell(hub.save(), path => {
          this.#services.dispatch({type: 'console', event: {type: 'saved', path}})
          return {good: true, text: `Saved as ${path}; R replays it`}
        })
        break
      case 'readHistory':
        this.#readHistory()
        break
      default:
        assertNever(request)
    }
  }

  /** Sends a line, and keeps it for later sessions unless it is a part of a data block. */
  #send({nodes, line}: Extract<ConsoleRequest, {type: 'send'}>): void {
    const isCommand = this.#hub.isIdle(nodes[0] ?? '')
    for (const node of nodes) this.#hub.send(node, line)
    if (isCommand && isMemorable(line)) this.#services.ports.consoles.history.add(line)
  }

  #readHistory(): void {
    const {ports, dispatch} = this.#services
    ports.consoles.history.load().then(
      lines => dispatch({type: 'console', event: {type: 'history', lines}}),
      () => {},
    )
  }

  #tell<Result>(done: Promise<Result>, answerOf: (result: Result) => ConsoleAnswer): void {
    const notice = (tone: 'ok' | 'bad', text: string) => this.#services.dispatch({type: 'notice', notice: {tone, text}})
    done.then(
      result => {
        const {good, text} = answerOf(result)
        notice(good ? 'ok' : 'bad', text)
      },
      (error: unknown) => notice('bad', messageOf(error)),
    )
  }
}
