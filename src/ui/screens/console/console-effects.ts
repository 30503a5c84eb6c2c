import {assertNever, messageOf} from '../../../protocol/errors.js'
import type {Action} from '../../core/action.js'
import type {ConsoleRequest} from '../../core/effect.js'
import {isMemorable} from '../../core/line-editor.js'
import type {ConsoleAnswer, LineHistory} from '../../ports/console-port.js'
import type {ConsoleHub} from './console-hub.js'

interface ConsoleEffectsOptions {
  readonly hub: ConsoleHub
  readonly history: LineHistory
  readonly dispatch: (action: Action) => void
}

/** Carries out what the Console screen asks for. */
export class ConsoleEffects {
  readonly #options: ConsoleEffectsOptions

  constructor(options: ConsoleEffectsOptions) {
    this.#options = options
  }

  carryOut(request: ConsoleRequest): void {
    const {hub, history, dispatch} = this.#options
    switch (request.type) {
      case 'save':
        this.#tell(hub.save(), path => {
          dispatch({type: 'transcriptSaved', path})
          return {good: true, text: `Saved as ${path}; R replays it`}
        })
        break
      case 'open':
        hub.openAddress(request.address)
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
      case 'readHistory':
        history.load().then(
          lines => dispatch({type: 'history', lines}),
          () => {},
        )
        break
      default:
        assertNever(request)
    }
  }

  /** Sends a line, and keeps it for later sessions unless it is a part of a data block. */
  send(nodes: readonly string[], line: string): void {
    const {hub, history} = this.#options
    const isCommand = hub.isIdle(nodes[0] ?? '')
    for (const node of nodes) hub.send(node, line)
    if (isCommand && isMemorable(line)) history.add(line)
  }

  #tell<Result>(done: Promise<Result>, answerOf: (result: Result) => ConsoleAnswer): void {
    const notice = (tone: 'ok' | 'bad', text: string) => this.#options.dispatch({type: 'notice', notice: {tone, text}})
    done.then(
      result => {
        const {good, text} = answerOf(result)
        notice(good ? 'ok' : 'bad', text)
      },
      (error: unknown) => notice('bad', messageOf(error)),
    )
  }
}
