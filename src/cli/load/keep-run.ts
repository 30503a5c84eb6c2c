import {messageOf} from '../../protocol/errors.js'
import type {CliContext} from '../context.js'
import {writeOutputFile} from '../output-file.js'
import {formatHgrm} from '../reports/hgrm.js'
import {formatJson} from '../reports/run-json.js'
import {listRuns, saveRun} from '../run-history.js'
import {runsOf, type SavedDocument} from '../saved-document.js'

interface Files {
  readonly out?: string
  readonly hgrm?: string
}

/** To the history and to the files asked for; a history that cannot be written is worth a warning, not the run. */
export async function keepRun(document: SavedDocument, {out, hgrm}: Files, {env, stderr}: CliContext): Promise<void> {
  try {
    const path = await saveRun({document, env})
    const number = (await listRuns(env)).indexOf(path) + 1
    stderr.write(`saved as ${path} (run ${number} of the history)\n`)
  } catch (error) {
    stderr.write(`warning: the run could not be saved in the history: ${messageOf(error)}\n`)
  }
  if (out !== undefined) await writeOutputFile({option: '--out', path: out, text: formatJson(document)})
  if (hgrm !== undefined) await writeHgrm('--hgrm', hgrm, document)
}

/** @param option what it was asked for by */
export function writeHgrm(option: string, path: string, document: SavedDocument): Promise<void> {
  const text = formatHgrm(runsOf(document).map(({latencyUs}) => latencyUs.histogram))
  return writeOutputFile({option, path, text})
}
