import {mkdir, rename, rm, writeFile} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {formatJson, type RunDocument} from './reports/run-json.js'

/** Where the runs of this user are kept. */
function historyDirectory(env: NodeJS.ProcessEnv): string {
  // The XDG specification says to ignore a relative path.
  const state = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : join(homedir(), '.local', 'state')
  return join(state, 'repbench', 'runs')
}

/** Adds a run to the history. @returns the path of its file */
export async function saveRun({document, env}: {document: RunDocument; env: NodeJS.ProcessEnv}): Promise<string> {
  const directory = historyDirectory(env)
  await mkdir(directory, {recursive: true})
  const time = document.startedAt.replaceAll(':', '-')
  const path = join(directory, `${time}-${document.plan.name}.json`)
  await writeWhole(path, formatJson(document))
  return path
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
