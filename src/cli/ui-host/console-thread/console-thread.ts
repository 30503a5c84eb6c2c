import {Worker} from 'node:worker_threads'
import type {OwnTrafficByAddress} from '../../../ask/own-traffic.js'
import {assertNever} from '../../../protocol/errors.js'
import type {ConsoleAnswer, UiConsole, UiConsoleOptions} from '../../../ui/ports/console-port.js'
import type {Answer, FromConsoleThread, Question, SessionView, ToConsoleThread} from './messages.js'

interface Session {
  readonly onChange: () => void
  view: SessionView
}

const unconnected: SessionView = {state: 'connecting', entries: [], dataBytesExpected: null}

/**
 * Console sessions on a thread of their own: a frame that the UI draws just when
 * a reply comes would be counted into its latency. Started with the first session.
 */
export class ConsoleThread {
  readonly #sessions = new Map<number, Session>()
  readonly #ids = new WeakMap<UiConsole, number>()
  readonly #asked = new Map<number, (answer: Answer) => void>()
  readonly #traffic: OwnTrafficByAddress
  #worker: Worker | undefined
  #opened = 0
  #questions = 0

  /** @param traffic counts our own reads of keys, which the operator did not type */
  constructor(traffic: OwnTrafficByAddress) {
    this.#traffic = traffic
  }

  open({onChange, ...target}: UiConsoleOptions): UiConsole {
    this.#opened += 1
    const id = this.#opened
    const session: Session = {onChange, view: unconnected}
    this.#sessions.set(id, session)
    this.#post({type: 'open', session: id, ...target, traffic: this.#traffic.at(target.address).memory})
    const opened: UiConsole = {
      address: target.address,
      state: () => session.view.state,
      entries: () => session.view.entries,
      dataBytesExpected: () => session.view.dataBytesExpected,
      send: line => this.#post({type: 'send', session: id, line}),
      end: () => this.#post({type: 'end', session: id}),
      close: () => {
        this.#sessions.delete(id)
        this.#post({type: 'close', session: id})
      },
    }
    this.#ids.set(opened, id)
    return opened
  }

  checkKey({key, sessions}: {key: string; sessions: readonly UiConsole[]}): Promise<ConsoleAnswer> {
    return this.#ask({type: 'checkKey', key, sessions: this.#idsOf(sessions)})
  }

  replay({file, sessions}: {file: string; sessions: readonly UiConsole[]}): Promise<ConsoleAnswer> {
    return this.#ask({type: 'replay', file, sessions: this.#idsOf(sessions)})
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #idsOf(sessions: readonly UiConsole[]): number[] {
    return sessions.flatMap(session => this.#ids.get(session) ?? [])
  }

  async #ask(question: Question): Promise<ConsoleAnswer> {
    this.#questions += 1
    const id = this.#questions
    const {promise, resolve} = Promise.withResolvers<Answer>()
    this.#asked.set(id, resolve)
    this.#post({type: 'ask', id, question})
    const answer = await promise
    if ('error' in answer) throw new Error(answer.error)
    return answer
  }

  #post(message: ToConsoleThread): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(message)
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url))
    worker.on('message', (message: FromConsoleThread) => this.#take(message))
    worker.on('error', error => this.#failed(worker, `The console failed: ${String(error)}`))
    worker.on('exit', () => this.#failed(worker, 'The console ended.'))
    return worker
  }

  #take(message: FromConsoleThread): void {
    switch (message.type) {
      case 'view': {
        const session = this.#sessions.get(message.session)
        if (session === undefined) return
        this.#post({type: 'seen', session: message.session})
        session.view = message.view
        session.onChange()
        break
      }
      case 'answer':
        this.#asked.get(message.id)?.(message.answer)
        this.#asked.delete(message.id)
        break
      default:
        assertNever(message)
    }
  }

  /** Without its thread a session is closed; the next line that is sent starts another. */
  #failed(worker: Worker, text: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#traffic.forget('consoles')
    for (const resolve of this.#asked.values()) resolve({error: text})
    this.#asked.clear()
    for (const session of this.#sessions.values()) {
      const entry = {kind: 'bad', text, latencyUs: null, monotonicMs: performance.now(), atMs: Date.now()} as const
      session.view = {state: 'closed', entries: [...session.view.entries, entry], dataBytesExpected: null}
      session.onChange()
    }
  }
}
