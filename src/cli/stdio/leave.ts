import type {Outputs} from './outputs.js'

/** Signals by which a process ends on its own account, and the exit status that a shell makes of them. */
const signals = {129: 'SIGHUP', 130: 'SIGINT', 143: 'SIGTERM'} as const

/**
 * Ends the process. process.exit() would wait for the thread that is writing to a reader that reads no more, so a
 * signal has to end it then: the one that `code` stands for, else SIGTERM.
 */
export function leave(code: number, outputs: Pick<Outputs, 'holdsProcess'>): void {
  if (outputs.holdsProcess) {
    const name = signals[code as keyof typeof signals] ?? 'SIGTERM'
    process.removeAllListeners(name)
    process.kill(process.pid, name)
  }
  process.exit(code)
}
