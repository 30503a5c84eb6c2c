import {rmSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {messageOf} from '../../protocol/errors.js'
import {isOwnFile, makePrivateDirectory, writePrivateFile} from '../system/private-files.js'
import {processStart} from '../system/process-start.js'
import {readRegularFile} from '../system/regular-file.js'
import {runtimeDirectory, runtimeRoot} from '../system/state-directory.js'

/** One process that repbench has started, with what proves that a pid is still this one. */
export interface KeptProcess {
  readonly pid: number
  readonly start: string
  readonly name: string
  readonly commandLine: string
}

interface Contents {
  readonly owner: {readonly pid: number; readonly start: string}
  readonly processes: readonly KeptProcess[]
}

/** Of more processes than anybody starts. */
const MAX_BYTES = 1024 * 1024

let filesMade = 0

/**
 * Names the processes of one running repbench in a file, for the day on which both
 * it and its watchdog are killed. Gone when there is nothing to name. A disk that takes no
 * file costs only that: `problem` says so.
 */
export class StateFile {
  readonly path: string
  readonly #processes = new Map<number, KeptProcess>()
  readonly #root: string
  #problem: string | null = null

  constructor(env: NodeJS.ProcessEnv) {
    // A repbench may have several topologies, each with a file of its own.
    this.#root = runtimeRoot(env)
    this.path = join(runtimeDirectory(env), `${process.pid}-${++filesMade}.json`)
  }

  /** Why the file could not be written the last time. */
  get problem(): string | null {
    return this.#problem
  }

  add({pid, name, commandLine}: Omit<KeptProcess, 'start'>): void {
    const start = processStart(pid)
    // It has ended already.
    if (start === null) return
    this.#processes.set(pid, {pid, start, name, commandLine})
    this.#write()
  }

  remove(pid: number): void {
    if (this.#processes.delete(pid)) this.#write()
  }

  #write(): void {
    const start = processStart(process.pid)
    const contents: Contents = {owner: {pid: process.pid, start: start ?? ''}, processes: [...this.#processes.values()]}
    try {
      if (contents.processes.length === 0) {
        rmSync(this.path, {force: true})
        return
      }
      makePrivateDirectory(dirname(this.path), {root: this.#root})
      writePrivateFile(this.path, JSON.stringify(contents))
      this.#problem = null
    } catch (error) {
      this.#problem = messageOf(error)
    }
  }
}

/** What one file tells. */
export interface KeptState {
  readonly file: string
  readonly ownerPid: number
  readonly ownerRuns: boolean
  /** Those that still run. */
  readonly processes: readonly KeptProcess[]
}

/** Every state file there is; of a repbench that has crashed, `processes` are its leftovers. */
export async function readStateFiles(env: NodeJS.ProcessEnv): Promise<KeptState[]> {
  const directory = runtimeDirectory(env)
  const names = await readdir(directory).catch(() => [])
  return names.filter(name => /^\d+-\d+\.json$/.test(name)).flatMap(name => readOne(join(directory, name)))
}

/** Kills the process groups that a crashed repbench has left, and removes its file. @returns those that were killed */
export function cleanLeftovers({file, ownerRuns, processes}: KeptState): KeptProcess[] {
  if (ownerRuns) return []
  const killed = processes.filter(killGroup)
  rmSync(file, {force: true})
  return killed
}

function readOne(file: string): KeptState[] {
  try {
    // What somebody else has put there names processes that are not ours to kill.
    if (!isOwnFile(file)) return []
    const {owner, processes} = JSON.parse(readRegularFile(file, {maxBytes: MAX_BYTES})) as Contents
    return [
      {
        file,
        ownerPid: owner.pid,
        ownerRuns: processStart(owner.pid) === owner.start,
        processes: processes.filter(({pid, start}) => processStart(pid) === start),
      },
    ]
  } catch {
    // Removed meanwhile, or not ours.
    return []
  }
}

function killGroup({pid, start}: KeptProcess): boolean {
  if (pid < 2 || processStart(pid) !== start) return false
  try {
    // A node leads a group of its own.
    return process.kill(-pid, 'SIGKILL')
  } catch {
    return false
  }
}
