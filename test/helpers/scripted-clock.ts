import {syncBuiltinESMExports} from 'node:module'
import timers from 'node:timers/promises'
import {onTestFinished, vi} from 'vitest'

/**
 * The process's own clock (`performance.now`, timers, and waits by `node:timers/promises`), moved by a test only.
 * Sockets go on in real time. The test's end gives the real clock back.
 */
export class ScriptedClock {
  /** Lengths of the waits so far. */
  readonly waitsMs: number[] = []
  /** Called when a wait begins. @default ends it at once: the clock moves by its length */
  onWait: (ms: number) => void = ms => this.advance(ms)

  constructor() {
    const real = timers.setTimeout
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance']})
    timers.setTimeout = ((ms: number, _: unknown, {signal}: {signal?: AbortSignal} = {}) =>
      this.#wait(ms, signal)) as typeof real
    syncBuiltinESMExports()
    onTestFinished(() => {
      vi.useRealTimers()
      timers.setTimeout = real
      syncBuiltinESMExports()
    })
  }

  advance(ms: number): void {
    vi.advanceTimersByTime(ms)
  }

  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const {promise, resolve, reject} = Promise.withResolvers<void>()
    signal?.throwIfAborted()
    signal?.addEventListener('abort', () => reject(signal.reason), {once: true})
    setTimeout(resolve, ms)
    this.waitsMs.push(ms)
    this.onWait(ms)
    await promise
  }
}

/** Lets the event loop turn, so that what was written on a loopback socket is read. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve))
}
