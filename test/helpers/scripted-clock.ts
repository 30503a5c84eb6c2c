import {syncBuiltinESMExports} from 'node:module'
import timers from 'node:timers/promises'
import {onTestFinished, vi} from 'vitest'

const REAL = Symbol.for('repbench: the wait that a scripted clock replaces')
/** Also where a test that never ended has left another one. */
const realWait: typeof timers.setTimeout = Reflect.get(timers.setTimeout, REAL) ?? timers.setTimeout
waitBy(realWait)

function waitBy(wait: typeof timers.setTimeout): void {
  timers.setTimeout = wait
  syncBuiltinESMExports()
}

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
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance']})
    const wait = (ms: number, _: unknown, {signal}: {signal?: AbortSignal} = {}) => this.#wait(ms, signal)
    waitBy(Object.assign(wait as typeof timers.setTimeout, {[REAL]: realWait}))
    onTestFinished(() => {
      vi.useRealTimers()
      waitBy(realWait)
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
