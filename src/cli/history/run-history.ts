import {existsSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {basename, join} from 'node:path'
import {messageOf, RepbenchError} from '../../protocol/errors.js'
import {makePrivateDirectory, narrowIfThere, writePrivateFile} from '../../server/system/private-files.js'
import {stateDirectory} from '../../server/system/state-directory.js'
import {UsageError} from '../app/errors.js'
import {formatJson} from '../app/json-text.js'
import type {DrillDocument} from '../documents/json/drill-json.js'
import type {SavedDocument} from '../documents/json/saved-document.js'
import {HistoryIndex, type RunFacts} from './history-index.js'

const NAME_MAX_CHARS = 80

type Kind = 'runs' | 'drills'

/** The directory of this user's saved runs or drills. */
export function historyDirectory(env: NodeJS.ProcessEnv, kind: Kind = 'runs'): string {
  return join(stateDirectory(env), kind)
}

/**
 * Adds a run to the history.
 * @returns the path of its file
 * @throws HistoryError where it could not be read again, or the error of the disk
 */
export async function saveRun({document, env}: {document: SavedDocument; env: NodeJS.ProcessEnv}): Promise<string> {
  // Loading the schemas takes time that listing does not need.
  const {nameOfRun, parseDocument} = await import('../documents/json/saved-document.js')
  const path = newPath({env, kind: 'runs', startedAt: document.startedAt, name: nameOfRun(document)})
  return keep(path, document, text => void parseDocument(text, basename(path)))
}

/** Adds a drill to the history, as saveRun() does a run. */
export async function saveDrill({document, env}: {document: DrillDocument; env: NodeJS.ProcessEnv}): Promise<string> {
  const {flawOfDrill, parseDrill} = await import('./kept-drill.js')
  const path = newPath({env, kind: 'drills', startedAt: document.startedAt, name: document.drill})
  return keep(path, document, text => {
    try {
      parseDrill(text)
    } catch (error) {
      throw new UsageError(flawOfDrill(error), {cause: error})
    }
  })
}

/** A document that its own schema rejects. It is kept, but apart from the others. */
class HistoryError extends RepbenchError {
  constructor(path: string, cause: unknown) {
    super('ERR_DOCUMENT', `not as its own schema expects (${messageOf(cause)}); kept apart as ${path}`, {cause})
  }
}

/** Files of the saved runs, oldest first: the first is number 1. */
export function listRuns(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return listFiles(env, 'runs')
}

/** Files of the saved drills, oldest first. */
export function listDrillFiles(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return listFiles(env, 'drills')
}

/** Index of the saved runs. The document reader is loaded with the first file that is not in the index. */
export function runIndex(env: NodeJS.ProcessEnv): HistoryIndex<RunFacts> {
  return new HistoryIndex({
    directory: historyDirectory(env),
    read: async path => (await import('./run-facts.js')).readRunFacts(path),
  })
}

/** Start and name of a run, from the name of its file: for files that cannot be read. */
export function readFileName(path: string): {readonly startedAt: string; readonly name: string} {
  const file = basename(path)
  const [, date, hours, rest, name] = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d-\d\d)\.\d+Z-(.+)\.json$/.exec(file) ?? []
  if (date === undefined) return {startedAt: '', name: file}
  return {startedAt: `${date}${hours}:${rest?.replace('-', ':')}Z`, name: name ?? file}
}

async function listFiles(env: NodeJS.ProcessEnv, kind: Kind): Promise<readonly string[]> {
  const directory = historyDirectory(env, kind)
  // An earlier version left them open to others.
  for (const path of [stateDirectory(env), directory]) narrowIfThere(path)
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

/** A free path; the second of two runs in the same millisecond gets a number. */
function newPath({env, kind, startedAt, name}: {env: NodeJS.ProcessEnv; kind: Kind; startedAt: string; name: string}) {
  const directory = historyDirectory(env, kind)
  makePrivateDirectory(directory, {root: stateDirectory(env)})
  const safeName = name.replaceAll(/[^\w.-]/g, '-').slice(0, NAME_MAX_CHARS)
  const stem = join(directory, `${startedAt.replaceAll(':', '-')}-${safeName}`)
  for (let number = 1; ; number++) {
    const path = number === 1 ? `${stem}.json` : `${stem}-${number}.json`
    if (!existsSync(path)) return path
  }
}

/** @param check throws where what is written can't be read again */
function keep(path: string, document: object, check: (text: string) => void): string {
  const text = formatJson(document)
  try {
    check(text)
  } catch (error) {
    const apart = `${path}.rejected`
    writePrivateFile(apart, text, {lasting: true})
    throw new HistoryError(apart, error)
  }
  writePrivateFile(path, text, {lasting: true})
  return path
}
