import {AskConnection} from '../../ask/ask-connection.js'
import {askText} from '../../ask/text-reply.js'
import type {Address} from '../../protocol/address.js'

/** It looks so often whether somebody is to be asked. */
const INTERVAL_MS = 500

interface HomeWatchOptions {
  /** It has to answer for so long before that counts. */
  readonly steadyMs: number
  /** After so long it is asked for the first time, then after `factor` × as long each time. */
  readonly asking: {readonly firstMs: number; readonly maxMs: number; readonly factor: number}
  readonly clock: () => number
  /** A connection of its own is open. */
  readonly onConnect: () => void
  readonly onAnswer: (home: Address) => void
}

/**
 * Asks a server that was given up whether it answers again: a connection alone
 * says little, because the kernel of a frozen process takes it too.
 */
export class HomeWatch {
  readonly #options: HomeWatchOptions
  /** Since when a home has answered without a break. */
  readonly #answersSince = new Map<Address, number>()
  readonly #asking = new Map<Address, AskConnection>()
  /** When a home is asked next. */
  readonly #due = new Map<Address, {atMs: number; waitMs: number}>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: HomeWatchOptions) {
    this.#options = options
  }

  /** Asks now and then until stop(). @param homes are asked for before each round */
  start(homes: () => readonly Address[]): void {
    this.#timer = setInterval(() => {
      const wanted = homes()
      for (const home of wanted) if (!this.#asking.has(home) && this.#isDue(home)) void this.#ask(home)
      for (const home of this.#due.keys()) {
        if (wanted.includes(home)) continue
        this.#due.delete(home)
        this.#answersSince.delete(home)
      }
    }, INTERVAL_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    const asking = [...this.#asking.values()]
    this.#asking.clear()
    for (const connection of asking) connection.close()
  }

  #isDue(home: Address): boolean {
    const {clock, asking} = this.#options
    const nowMs = clock()
    // A tick has passed since it was given up, as good as an interval.
    const due = this.#due.get(home) ?? {atMs: nowMs + asking.firstMs - INTERVAL_MS, waitMs: asking.firstMs}
    const isDue = nowMs >= due.atMs
    if (isDue) {
      due.waitMs = Math.min(asking.maxMs, due.waitMs * asking.factor)
      // Half a tick of grace: timers come a little early and late.
      due.atMs = nowMs + due.waitMs - INTERVAL_MS / 2
    }
    this.#due.set(home, due)
    return isDue
  }

  async #ask(home: Address): Promise<void> {
    const connection = new AskConnection({
      address: home,
      limits: {timeoutMs: INTERVAL_MS * 4},
      onConnect: this.#options.onConnect,
    })
    this.#asking.set(home, connection)
    const kind = await askText(connection, 'version').then(
      reply => reply.kind,
      () => null,
    )
    connection.close()
    if (this.#asking.get(home) !== connection) return
    this.#asking.delete(home)
    if (kind === 'version') this.#answered(home)
    else this.#answersSince.delete(home)
  }

  #answered(home: Address): void {
    const {steadyMs, clock, onAnswer} = this.#options
    const nowMs = clock()
    const sinceMs = this.#answersSince.get(home) ?? nowMs
    this.#answersSince.set(home, sinceMs)
    if (nowMs - sinceMs < steadyMs) return
    // Its next absence is counted anew.
    this.#answersSince.delete(home)
    onAnswer(home)
  }
}
