import type {Outputs} from './outputs.js'

/** Signals by which a process ends on its own account, and the exit status that a shell makes of them. */
const signals = {129: 'SIGHUP', 130: 'SIGINT', 143: 'SIGTERM'} as const

/**
 * Ends the process. process.exit() would wait for the thread that is writing to a reader that reads no more, or asking
 * a name server that does not answer, so a signal has to end it then: the one that `code` stands for, else SIGTERM.
 * @param atOnce whoever asks has waited long enough: other threads may look up names, too
 */
export function leave(code: number, outputs: Pick<Outputs, 'holdsProcess'>, {atOnce = false} = {}): void {
  const name = signals[code as keyof typeof signals]
  if (outputs.holdsProcess || (atOnce && name !== undefined)) end(name ?? 'SIGTERM')
  if (isResolving()) {
    if (name !== undefined) end(name)
    // Waits to give its own exit status; Ctrl-C ends the wait.
    for (const each of Object.values(signals)) process.removeAllListeners(each)
  }
  process.exit(code)
}

function end(name: NodeJS.Signals): void {
  process.removeAllListeners(name)
  process.kill(process.pid, name)
}

/** Looking up a name takes a thread that nothing interrupts, for as long as the system is patient with its name servers. */
function isResolving(): boolean {
  return process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap')
}
