import {closeSync, openSync, readSync} from 'node:fs'

const SPACE = 0x20
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const NS_PER_MS = 1e6

/** How long the thread that opened it has waited for a core: ready to run, and not running. */
export interface CoreWait {
  /** Since the thread's start, in ms; takes 1.5 µs. */
  waitedMs(): number
  close(): void
}

/** By the kernel's own account; null where it keeps none (Linux does). */
export function openCoreWait(): CoreWait | null {
  const bytes = Buffer.alloc(64)
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r')
    return {
      waitedMs: () => secondNumber(bytes, readSync(file, bytes, 0, bytes.length, 0)) / NS_PER_MS,
      close: () => closeSync(file),
    }
  } catch {
    return null
  }
}

/** Of `<ns on a core> <ns waiting for one> <time slices>`; no string is made. */
function secondNumber(bytes: Uint8Array, length: number): number {
  let at = 0
  while (at < length && bytes[at] !== SPACE) at++
  let value = 0
  for (at++; at < length && bytes[at]! >= DIGIT_0 && bytes[at]! <= DIGIT_9; at++)
    value = value * 10 + bytes[at]! - DIGIT_0
  return value
}
