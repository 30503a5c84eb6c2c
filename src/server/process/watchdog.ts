import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {extname} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {StateFile} from './state-file.js'

/** A helper that lives shorter than this is not replaced at once: something keeps killing it. */
const SHORT_LIFE_MS = 1000

/** A process group to be watched, by the pid of its leader. */
export interface WatchedProcess {
  readonly pid: number
  readonly name: string
  readonly commandLine: string
}

/**
 * Keeps nodes from outliving this program, also when it is killed with SIGKILL
 * and a node is stopped: a small helper process knows their pids and SIGKILLs
 * their groups as soon as the pipe to it breaks. Started with the first pid, and
 * again when somebody kills it.
 */
export class Watchdog {
  readonly #watched = new Set<number>()
  readonly #stateFile: StateFile | undefined
  #helper: ChildProcess | undefined
  #respawn: NodeJS.Timeout | undefined

  constructor({stateFile}: {stateFile?: StateFile} = {}) {
    this.#stateFile = stateFile
  }

  /** Pid of the helper process, once it runs. */
  get pid(): number | undefined {
    return this.#helper?.pid
  }

  add(process: WatchedProcess): void {
    this.#watched.add(process.pid)
    this.#stateFile?.add(process)
    if (this.#helper === undefined) this.#startHelper()
    else this.#helper.stdin?.write(`+${process.pid}\n`)
  }

  remove(pid: number): void {
    this.#watched.delete(pid)
    this.#stateFile?.remove(pid)
    this.#helper?.stdin?.write(`-${pid}\n`)
  }

  /** Ends the helper; it kills what was not removed. */
  async close(): Promise<void> {
    clearTimeout(this.#respawn)
    this.#respawn = undefined
    const helper = this.#helper
    this.#helper = undefined
    if (helper === undefined || helper.exitCode !== null || helper.signalCode !== null) return
    helper.ref()
    helper.stdin?.end()
    await once(helper, 'exit')
  }

  #startHelper(): void {
    const startedAtMs = performance.now()
    const helper = spawnHelper(this.#stateFile?.path)
    this.#helper = helper
    // Writing to a helper that somebody killed is no error of the run.
    helper.stdin?.on('error', () => {})
    for (const pid of this.#watched) helper.stdin?.write(`+${pid}\n`)
    const onEnd = () => {
      // Ended by close().
      if (this.#helper !== helper) return
      this.#helper = undefined
      this.#startHelperIn(performance.now() - startedAtMs < SHORT_LIFE_MS ? SHORT_LIFE_MS : 0)
    }
    helper.once('exit', onEnd)
    helper.once('error', onEnd)
  }

  #startHelperIn(waitMs: number): void {
    this.#respawn = setTimeout(() => {
      if (this.#helper === undefined && this.#watched.size > 0) this.#startHelper()
    }, waitMs)
    this.#respawn.unref()
  }
}

function spawnHelper(stateFile: string | undefined): ChildProcess {
  // Beside this file in src/ (where Node strips the types) as in dist/.
  const program = new URL(`./watchdog-process${extname(import.meta.url)}`, import.meta.url)
  const helper = spawn(process.execPath, [fileURLToPath(program), ...(stateFile === undefined ? [] : [stateFile])], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  })
  helper.unref()
  return helper
}
