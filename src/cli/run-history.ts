import {mkdir, readdir, rename, rm, writeFile} from 'node:fs/promises'
import {basename, join} from 'node:path'
import {messageOf} from '../protocol/errors.js'
import {stateDirectory} from '../server/state-directory.js'
import {UsageError} from './errors.js'
import type {DrillDocument} from './reports/drill-json.js'
import {formatJson} from './reports/json-text.js'
import {nameOfRun, type SavedDocument} from './saved-document.js'

/** Where the runs or drills of this user are kept. */
function historyDirectory(env: NodeJS.ProcessEnv, kind: 'runs' | 'drills' = 'runs'): string {
  return join(stateDirectory(env), kind)
}

/** Adds a run to the history. @returns the path of its file */
export async function saveRun({document, env}: {document: SavedDocument; env: NodeJS.ProcessEnv}): Promise<string> {
  const directory = historyDirectory(env)
  await mkdir(directory, {recursive: true})
  const time = document.startedAt.replaceAll(':', '-')
  const path = join(directory, `${time}-${nameOfRun(document)}.json`)
  await writeWhole(path, formatJson(document))
  return path
}

/** Keeps a drill. @returns the path of its file */
export async function saveDrill({document, env}: {document: DrillDocument; env: NodeJS.ProcessEnv}): Promise<string> {
  const directory = historyDirectory(env, 'drills')
  await mkdir(directory, {recursive: true})
  const path = join(directory, `${document.startedAt.replaceAll(':', '-')}-${document.drill}.json`)
  await writeWhole(path, formatJson(document))
  return path
}

/** The files of the history, oldest first: the first is number 1. */
export function listRuns(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return listFiles(historyDirectory(env))
}

/** The drills that were kept, oldest first. */
export function listDrillFiles(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return listFiles(historyDirectory(env, 'drills'))
}

/** When it was and what, of a file of the history that cannot be read: its name says so. */
export function readFileName(path: string): {readonly startedAt: string; readonly name: string} {
  const file = basename(path)
  const [, date, hours, rest, name] = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d-\d\d)\.\d+Z-(.+)\.json$/.exec(file) ?? []
  if (date === undefined) return {startedAt: '', name: file}
  return {startedAt: `${date}${hours}:${rest?.replace('-', ':')}Z`, name: name ?? file}
}

async function listFiles(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory)
    // Names begin with the time.
    return names
      .filter(name => name.endsWith('.json'))
      .sort()
      .map(name => join(directory, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new UsageError(`Expected the history in ${directory}, got ${messageOf(error)}`, {cause: error})
  }
}

/** Writes a file that is there as a whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    await writeFile(unfinished, text, {flag: 'wx'})
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, {force: true})
    throw error
  }
}
