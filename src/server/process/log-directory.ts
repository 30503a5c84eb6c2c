import {readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {narrowIfThere} from '../system/private-files.js'
import {processStart} from '../system/process-start.js'
import {stateDirectory} from '../system/state-directory.js'

const DIRECTORIES_KEPT = 20

let directoriesMade = 0

/** Where the logs of one topology go: a directory of its own, made with its first log; null where they would be in another's hands. */
export function newLogDirectory(env: NodeJS.ProcessEnv, now = new Date()): string | null {
  const state = stateDirectory(env)
  const parent = join(state, 'logs')
  if (!narrowIfThere(state) || !narrowIfThere(parent)) return null
  removeOldest(parent)
  const time = now.toISOString().replaceAll(':', '-')
  return join(parent, `${time}-${process.pid}-${++directoriesMade}`)
}

/** The names begin with the time, so their order is that of age. Those of a repbench that runs stay. */
function removeOldest(parent: string): void {
  try {
    const names = readdirSync(parent).filter(name => ownerOf(name) !== null)
    for (const name of names.sort().slice(0, -DIRECTORIES_KEPT)) {
      if (processStart(ownerOf(name)!) === null) rmSync(join(parent, name), {recursive: true, force: true})
    }
  } catch {
    // There are none yet, or they can't be removed: no reason not to start.
  }
}

function ownerOf(name: string): number | null {
  const pid = /^\d{4}-.*Z-(\d+)-\d+$/.exec(name)?.[1]
  return pid === undefined ? null : Number(pid)
}
