import {vi} from 'vitest'

/** No test waits so long where all is well, on a slow and busy machine either: the limit only catches a hang. */
export const WAIT_LIMIT_MS = 60_000

/** Resolves with what `check` returns as soon as it no longer throws. */
export function waitFor<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, {timeout: WAIT_LIMIT_MS, interval: 20})
}
