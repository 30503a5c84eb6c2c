import {setTimeout as delay} from 'node:timers/promises'

/** Longer than a signal takes to stop us, and to be told of after that. */
const STOP_MS = 100

/**
 * Stops this process and those that started it (npm), as the terminal does for Ctrl-Z, until the shell continues them.
 * Nodes are sessions of their own, and run on.
 * @returns false when the kernel would not stop us: there is no shell that would ever continue us
 */
export async function stopUntilContinued(): Promise<boolean> {
  const listeners = process.listeners('SIGTSTP')
  let continued = false
  const note = () => {
    continued = true
  }
  process.once('SIGCONT', note)
  // With a listener the signal would do nothing.
  process.removeAllListeners('SIGTSTP')
  process.kill(0, 'SIGTSTP')
  await delay(STOP_MS)
  // The timer may be served before the signal that woke us.
  if (!continued) await delay(STOP_MS)
  process.removeListener('SIGCONT', note)
  // Of a new size of the window only the shell was told.
  process.emit('SIGWINCH', 'SIGWINCH')
  for (const listener of listeners) process.on('SIGTSTP', listener)
  return continued
}
