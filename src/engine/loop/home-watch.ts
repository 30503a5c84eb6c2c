import {AskConnection} from '../../ask/ask-connection.js'
import {askText} from '../../ask/text-reply.js'
import type {Address} from '../../protocol/address.js'

/** Time between looks for servers to probe. */
const INTERVAL_MS = 500

interface HomeWatchOptions {
  /** How long a server must answer before connections return to it. */
  readonly steadyMs: number
  /** When to probe: after `firstMs`, then after `factor` × as long each time, at most `maxMs`. */
  readonly asking: {readonly firstMs: number; readonly maxMs: number; readonly factor: number}
  readonly clock: () => number
  /** A probe's own connection was opened. */
  readonly onConnect: () => void
  readonly onAnswer: (home: Address) => void
}

/**
 * Probes failed servers with a `version` command, because the kernel accepts
 * connections for a frozen process too.
 */
export class HomeWatch {
  readonly #options: HomeWatchOptions
  /** Since when a server has answered without a break. */
  readonly #answersSince = new Map<Address, number>()
  readonly #asking = new Map<Address, AskConnection>()
  /** When a server is probed next. */
  readonly #due = new Map<Address, {atMs: number; waitMs: number}>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: HomeWatchOptions) {
    this.#options = options
  }

  /** Probes until stop(). @param homes returns the servers to probe; called before each round */
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
    // About one interval has passed since it failed.
    const due = this.#due.get(home) ?? {atMs: nowMs + asking.firstMs - INTERVAL_MS, waitMs: asking.firstMs}
    const isDue = nowMs >= due.atMs
    if (isDue) {
      due.waitMs = Math.min(asking.maxMs, due.waitMs * asking.factor)
      // Timers are a little early or late: half an interval of tolerance.
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
    // Its next failure starts anew.
    this.#answersSince.delete(home)
    onAnswer(home)
  }
}
