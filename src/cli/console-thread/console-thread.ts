import {Worker} from 'node:worker_threads'
import type {Address} from '../../protocol/address.js'
import type {UiConsole} from '../../ui/ports.js'
import type {FromConsoleThread, SessionView, ToConsoleThread} from './messages.js'

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
  #worker: Worker | undefined
  #opened = 0

  open({address, onChange}: {address: Address; onChange: () => void}): UiConsole {
    this.#opened += 1
    const id = this.#opened
    const session: Session = {onChange, view: unconnected}
    this.#sessions.set(id, session)
    this.#post({type: 'open', session: id, address})
    return {
      address,
      state: () => session.view.state,
      entries: () => session.view.entries,
      dataBytesExpected: () => session.view.dataBytesExpected,
      send: line => this.#post({type: 'send', session: id, line}),
      close: () => {
        this.#sessions.delete(id)
        this.#post({type: 'close', session: id})
      },
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #post(message: ToConsoleThread): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(message)
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url))
    worker.on('message', ({session: id, view}: FromConsoleThread) => {
      const session = this.#sessions.get(id)
      if (session === undefined) return
      session.view = view
      session.onChange()
    })
    worker.on('error', error => this.#failed(worker, `The console failed: ${String(error)}`))
    worker.on('exit', () => this.#failed(worker, 'The console ended.'))
    return worker
  }

  /** Without its thread a session is closed; the next line that is sent starts another. */
  #failed(worker: Worker, text: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    for (const session of this.#sessions.values()) {
      const entry = {kind: 'system', text, latencyUs: null, monotonicMs: performance.now(), atMs: Date.now()} as const
      session.view = {state: 'closed', entries: [...session.view.entries, entry], dataBytesExpected: null}
      session.onChange()
    }
  }
}
