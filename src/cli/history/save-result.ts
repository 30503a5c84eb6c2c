import {messageOf} from '../../protocol/errors.js'
import {listRuns} from './run-history.js'

/** Where a result was saved, or why it could not be. */
export type SaveOutcome =
  | {readonly path: string; readonly problem: null}
  | {readonly path: null; readonly problem: string}

/** Never rejects: a full disk, or a directory that is not ours, must not cost the result. */
export async function saveResult(save: () => Promise<string>): Promise<SaveOutcome> {
  try {
    return {path: await save(), problem: null}
  } catch (error) {
    return {path: null, problem: messageOf(error)}
  }
}

/** A line for stderr. @param what was saved, such as `the drill` */
export function describeSaved({path, problem}: SaveOutcome, what: string): string {
  return path === null ? `warning: cannot save ${what}: ${problem}\n` : `saved to ${path}\n`
}

/** The same of a run, with its number in the history. */
export async function describeSavedRun(saved: SaveOutcome, env: NodeJS.ProcessEnv): Promise<string> {
  if (saved.path === null) return describeSaved(saved, 'the run')
  const number = (await listRuns(env)).indexOf(saved.path) + 1
  return `saved to ${saved.path} (run ${number} of the history)\n`
}
