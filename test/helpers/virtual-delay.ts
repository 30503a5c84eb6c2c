import {syncBuiltinESMExports} from 'node:module'
import timers from 'node:timers/promises'
import {onTestFinished} from 'vitest'

/**
 * Lets the waits of `node:timers/promises` hang on the fake timers of vitest, which leave them alone, until the test
 * is over.
 */
export function delayByFakeTimers(): void {
  const real = timers.setTimeout
  const wait = (ms?: number, value?: unknown, {signal}: {signal?: AbortSignal} = {}) =>
    new Promise((resolve, reject) => {
      const onAbort = () => reject(signal!.reason)
      if (signal?.aborted) onAbort()
      signal?.addEventListener('abort', onAbort, {once: true})
      setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve(value)
      }, ms)
    })
  Object.assign(timers, {setTimeout: wait})
  syncBuiltinESMExports()
  onTestFinished(() => {
    Object.assign(timers, {setTimeout: real})
    syncBuiltinESMExports()
  })
}
