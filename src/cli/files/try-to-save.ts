import {messageOf} from '../../protocol/errors.js'
import {fromHome} from './tilde-path.js'

/** Where something is kept, or why it is not. */
export interface SaveOutcome {
  readonly savedAs: string | null
  readonly saveProblem?: string
}

/** A full disk or a directory that is not ours shall not take the result with it. */
export async function tryToSave(path: Promise<string>): Promise<SaveOutcome> {
  try {
    return {savedAs: fromHome(await path)}
  } catch (error) {
    return {savedAs: null, saveProblem: messageOf(error)}
  }
}
