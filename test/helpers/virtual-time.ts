import {onTestFinished, vi} from 'vitest'

/**
 * A clock that stands still unless a test moves it, with the timers that hang
 * on it. Sockets go on in real time: whatever passes between two ends in one
 * process does so without any time passing, so that delays are what a script
 * says, to the microsecond and on any machine.
 */
export class VirtualTime {
  nowMs = 0
  #timersMs = 0

  constructor() {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval']})
    // Nobody has to wait for a clock that stands still.
    const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
    onTestFinished(() => {
      wait.mockRestore()
      vi.useRealTimers()
    })
  }

  readonly clock = (): number => this.nowMs

  advance(ms: number): void {
    this.nowMs += ms
    const wholeMs = Math.floor(this.nowMs) - this.#timersMs
    this.#timersMs += wholeMs
    if (wholeMs > 0) vi.advanceTimersByTime(wholeMs)
  }
}

/** Lets the event loop turn until everything that was written has been read. */
export async function settle(isQuiet: () => boolean): Promise<void> {
  for (let quietTurns = 0; quietTurns < 6; quietTurns = isQuiet() ? quietTurns + 1 : 0) {
    await new Promise(resolve => setImmediate(resolve))
  }
}
