const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
const MOMENT_MS = 1

/**
 * Sleeps for a moment. A picture takes two milliseconds, and what else wants this processor waits for as long, be it
 * the load or the server that is measured; in parts with a pause before each it hardly waits at all.
 */
export function giveWay(): void {
  Atomics.wait(never, 0, 0, MOMENT_MS)
}
