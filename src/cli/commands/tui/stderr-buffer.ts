/** Of more than that nobody would read the beginning. */
const HELD_CHARACTERS_MOST = 20_000

/**
 * Holds back what is printed while a picture fills the terminal, and would be torn by it: warnings of Node.js, what
 * worker threads write to stderr, and whatever is logged.
 * @returns what lets everything through again, the held text first
 */
export function holdBack(stderr: Pick<NodeJS.WriteStream, 'write'>): () => void {
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
