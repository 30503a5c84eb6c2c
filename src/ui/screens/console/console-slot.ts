import {formatAddress} from '../../../protocol/address.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {TranscriptEntry} from '../../../telnet/transcript/transcript.js'
import type {UiConsole} from '../../ports/console-port.js'
import type {SessionView} from './state/console-state.js'

const PAST_ENTRIES_KEPT = 2000
const TRY_AGAIN_MS = 1000
/** After these the node ends the connection because it was asked to. */
const endings: ReadonlySet<string> = new Set(['quit', 'shutdown'])

interface Lost {
  /** Wall clock, ms since the epoch. */
  readonly sinceMs: number
  tries: number
  nextTryMs: number
  candidate: UiConsole | null
}

/** The place of one node's session: connections come and go in it, the transcript stays. */
export class ConsoleSlot {
  /** null: an address that was opened by hand. */
  readonly node: ClusterNode | null
  readonly #open: () => UiConsole
  #session: UiConsole
  /** Transcripts of earlier connections. */
  #past: readonly TranscriptEntry[] = []
  #lost: Lost | null = null
  /** Since when there was no answer, over all tries; ms since the epoch. */
  #silentSinceMs: number | null = null
  #wasConnected = false
  /** Its end was asked for, so it is not lost. */
  #ended = false
  #view: {readonly entries: readonly TranscriptEntry[]; readonly joined: readonly TranscriptEntry[]} | undefined

  constructor({node, open}: {node: ClusterNode | null; open: () => UiConsole}) {
    this.node = node
    this.#open = open
    this.#session = open()
  }

  get session(): UiConsole {
    return this.#session
  }

  /** A closed session is opened again at once. */
  reopen(): void {
    if (this.#session.state() !== 'closed' || !this.#mayAnswer()) return
    if (this.#lost === null) this.#replace(this.#open())
    // It is being looked after: now is the time.
    else {
      this.#lost.nextTryMs = 0
      this.#tryAgain(this.#lost)
    }
  }

  send(line: string): void {
    if (this.#session.state() === 'closed') this.#replace(this.#open())
    const isCommand = this.#session.dataBytesExpected() === null
    this.#ended = isCommand && endings.has(line.trim())
    this.#session.send(line)
  }

  /** Ends the connection as telnet's `close` does. */
  end(): void {
    this.#ended = true
    this.#lost?.candidate?.close()
    this.#lost = null
    this.#silentSinceMs = null
    this.#session.end()
  }

  close(): void {
    this.#lost?.candidate?.close()
    this.#session.close()
  }

  /** Looks after a lost connection. @returns whether something changed */
  tick(): boolean {
    this.#noteConnected()
    if (this.#session.state() !== 'closed' || this.#ended) return false
    if (this.#lost === null) {
      this.#silentSinceMs ??= Date.now()
      this.#lost = {sinceMs: this.#silentSinceMs, tries: 0, nextTryMs: Date.now() + TRY_AGAIN_MS, candidate: null}
      return true
    }
    return this.#tryAgain(this.#lost)
  }

  view(name: string): SessionView {
    // What was shown to be connected can be connected again, be it ever so short.
    this.#noteConnected()
    const {sinceMs = 0, tries = 0} = this.#lost ?? {}
    return {
      node: name,
      address: formatAddress(this.#session.address),
      state: this.#session.state(),
      entries: this.#entries(),
      dataBytesExpected: this.#session.dataBytesExpected(),
      lost: this.#lost === null ? null : {sinceMs, tries},
    }
  }

  #noteConnected(): void {
    if (this.#session.state() !== 'connected') return
    this.#wasConnected = true
    this.#silentSinceMs = null
  }

  #tryAgain(lost: Lost): boolean {
    const state = lost.candidate?.state()
    if (state === 'connected') {
      const seconds = ((Date.now() - lost.sinceMs) / 1000).toFixed(1)
      const text = this.#wasConnected ? `✓ connected again after ${seconds} s` : `✓ connected after ${seconds} s`
      const entry = {kind: 'good', text, latencyUs: null, monotonicMs: performance.now(), atMs: Date.now()} as const
      this.#replace(lost.candidate!, [entry])
      return true
    }
    if (state === 'closed') {
      lost.candidate?.close()
      lost.candidate = null
    }
    if (lost.candidate !== null || Date.now() < lost.nextTryMs || !this.#mayAnswer()) return state === 'closed'
    lost.tries += 1
    lost.nextTryMs = Date.now() + TRY_AGAIN_MS
    lost.candidate = this.#open()
    return true
  }

  #replace(next: UiConsole, notes: readonly TranscriptEntry[] = []): void {
    if (this.#lost?.candidate !== next) this.#lost?.candidate?.close()
    this.#past = [...this.#past, ...this.#session.entries(), ...notes].slice(-PAST_ENTRIES_KEPT)
    this.#session.close()
    this.#session = next
    this.#lost = null
    this.#ended = false
    this.#view = undefined
  }

  /** Of a node that repbench has started it is known when there is no use in trying. */
  #mayAnswer(): boolean {
    return this.node === null || !this.node.supervised || this.node.status().state === 'up'
  }

  /** The same array until something changes: panes compare by identity. */
  #entries(): readonly TranscriptEntry[] {
    const entries = this.#session.entries()
    if (this.#past.length === 0) return entries
    if (this.#view?.entries !== entries) this.#view = {entries, joined: [...this.#past, ...entries]}
    return this.#view.joined
  }
}
