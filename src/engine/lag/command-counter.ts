import type {ProbeCounts} from './lag-event.js'
import type {ProbeObserver} from './probe-connection.js'

/** Counts what a node has answered, and tells the observer, where there is one. */
export class CommandCounter implements ProbeObserver {
  readonly #observer: ProbeObserver | undefined
  #connections = 0
  #sets = 0
  #gets = 0
  #deletes = 0

  constructor(observer: ProbeObserver | undefined) {
    this.#observer = observer
  }

  counts(): ProbeCounts {
    return {connections: this.#connections, sets: this.#sets, gets: this.#gets, deletes: this.#deletes}
  }

  connected(): void {
    this.#connections++
    this.#observer?.connected()
  }

  disconnected(): void {
    this.#observer?.disconnected()
  }

  asked(requestBytes: number): void {
    this.#observer?.asked(requestBytes)
  }

  answered(answer: Parameters<ProbeObserver['answered']>[0]): void {
    const {command, hits, misses} = answer
    if (command === 'set') this.#sets += 1
    else if (command === 'get') this.#gets += hits + misses
    else this.#deletes += 1
    this.#observer?.answered(answer)
  }

  failed(): void {
    this.#observer?.failed()
  }
}
