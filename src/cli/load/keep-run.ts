import {messageOf} from '../../protocol/errors.js'
import type {CliContext} from '../app/context.js'
import {formatJson} from '../app/json-text.js'
import {formatHgrm} from '../documents/json/hgrm.js'
import {runsOf, type SavedDocument} from '../documents/json/saved-document.js'
import {writeOutputFile} from '../files/output-file.js'
import {listRuns, saveRun} from '../history/run-history.js'

interface Files {
  readonly out?: string
  readonly hgrm?: string
}

/** What has become of a run that was to be kept; said after its report. */
export interface KeptRun {
  /** A line for stderr. */
  readonly notice: string
  /** Of the files asked for; of several the first. */
  readonly failure?: unknown
}

/** To the history and to the files asked for; a history that cannot be written is worth a warning, not the run. */
export async function keepRun(
  document: SavedDocument,
  {out, hgrm}: Files,
  {env}: Pick<CliContext, 'env'>,
): Promise<KeptRun> {
  const notice = await saveInHistory(document, env)
  try {
    if (out !== undefined) await writeOutputFile({option: '--out', path: out, text: formatJson(document)})
    if (hgrm !== undefined) await writeHgrm('--hgrm', hgrm, document)
    return {notice}
  } catch (failure) {
    return {notice, failure}
  }
}

async function saveInHistory(document: SavedDocument, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const path = await saveRun({document, env})
    const number = (await listRuns(env)).indexOf(path) + 1
    return `saved as ${path} (run ${number} of the history)\n`
  } catch (error) {
    return `warning: the run could not be saved in the history: ${messageOf(error)}\n`
  }
}

/** @param option what it was asked for by */
export function writeHgrm(option: string, path: string, document: SavedDocument): Promise<void> {
  const text = formatHgrm(runsOf(document).map(({latencyUs}) => latencyUs.histogram))
  return writeOutputFile({option, path, text})
}
