/** Older text is dropped. */
const HELD_CHARACTERS_MOST = 20_000

/**
 * Buffers stderr while the UI fills the terminal, which the text would tear: warnings of Node.js, output of worker
 * threads, logs.
 * @returns a function that writes the buffered text and stops buffering
 */
export function bufferStderr(stderr: Pick<NodeJS.WriteStream, 'write'>): () => void {
  const {write} = stderr
  const {log, info, debug, error} = console
  let held = ''
  stderr.write = (chunk: Uint8Array | string, ...more: unknown[]): boolean => {
    held = `${held}${typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()}`.slice(-HELD_CHARACTERS_MOST)
    const done = more.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done(null))
    return true
  }
  // They would go where the picture is written.
  Object.assign(console, {log: error, info: error, debug: error})
  return () => {
    stderr.write = write
    Object.assign(console, {log, info, debug})
    if (held !== '') stderr.write(held)
    held = ''
  }
}
