import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {extname} from 'node:path'
import {fileURLToPath} from 'node:url'

/**
 * Keeps nodes from outliving this program, also when it is killed with SIGKILL
 * and a node is stopped: a small helper process knows their pids and SIGKILLs
 * their groups as soon as the pipe to it breaks. Started with the first pid.
 */
export class Watchdog {
  #helper: ChildProcess | undefined

  /** Pid of the helper process, once it runs. */
  get pid(): number | undefined {
    return this.#helper?.pid
  }

  /** Watches the process group that `pid` leads. */
  add(pid: number): void {
    this.#helper ??= startHelper()
    this.#helper.stdin?.write(`+${pid}\n`)
  }

  remove(pid: number): void {
    this.#helper?.stdin?.write(`-${pid}\n`)
  }

  /** Ends the helper; it kills what was not removed. */
  async close(): Promise<void> {
    const helper = this.#helper
    this.#helper = undefined
    if (helper === undefined || helper.exitCode !== null || helper.signalCode !== null) return
    helper.ref()
    helper.stdin?.end()
    await once(helper, 'exit')
  }
}

function startHelper(): ChildProcess {
  // Beside this file in src/ (where Node strips the types) as in dist/.
  const program = new URL(`./watchdog-process${extname(import.meta.url)}`, import.meta.url)
  const helper = spawn(process.execPath, [fileURLToPath(program)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  })
  // Writing to a helper that somebody killed is no error of the run.
  helper.on('error', () => {})
  helper.stdin?.on('error', () => {})
  helper.unref()
  return helper
}
