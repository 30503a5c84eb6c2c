import {rm, writeFile} from 'node:fs/promises'
import {basename, resolve} from 'node:path'
import {messageOf} from '../../protocol/errors.js'
import {printableLines} from '../../protocol/printable.js'
import {readRegularFile} from '../../server/system/regular-file.js'
import type {OpenedReport, ReportPort, SavedEntry} from '../../ui/ports/report-port.js'
import {UsageError} from '../app/errors.js'
import {compareRuns} from '../compare/compare-runs.js'
import {formatComparison} from '../compare/comparison-text.js'
import type {DrillDocument} from '../documents/json/drill-json.js'
import {latencyCurve} from '../documents/json/latency-curve.js'
import type {RunDocument} from '../documents/json/run-json.js'
import {
  DOCUMENT_MAX_BYTES,
  nameOfRun,
  readDocument,
  runsOf,
  type SavedDocument,
} from '../documents/json/saved-document.js'
import {formatDocument} from '../documents/text/document-text.js'
import {formatDrillDocument, readDrill} from '../history/kept-drill.js'
import {newestEntries} from './report-list.js'

/** The same history, reports and comparison as `repbench runs`, `repbench compare` and `repbench drill`. */
export function uiReports(env: NodeJS.ProcessEnv): ReportPort {
  return {
    list: limit => newestEntries(env, limit),
    open: async entry => (entry.kind === 'run' ? openRun(entry.path) : openDrill(entry.path)),
    async compare(...runs) {
      const named = await Promise.all(
        runs.map(async ({path, number}) => ({
          label: `run ${number}`,
          path: basename(path),
          document: await readDocument(path),
        })),
      )
      const curves = named.map(({document}, index) => {
        return latencyCurve(`${'AB'[index]} response`, runsOf(document).map(responseOf))
      })
      return {text: formatComparison(named, compareRuns(named.map(({document}) => document))), curves}
    },
    remove: path => rm(path),
    export: entry => exportEntry(entry),
  }
}

async function openRun(path: string): Promise<OpenedReport> {
  const document = await readDocument(path)
  const runs = runsOf(document)
  const service = runs.flatMap(({latencyUs: {serviceHistogram}}) => serviceHistogram ?? [])
  const curves = [latencyCurve('response', runs.map(responseOf)), latencyCurve('service', service)]
  return {text: formatDocument(document), curves: curves.filter(({us}) => us.length > 0)}
}

async function openDrill(path: string): Promise<OpenedReport> {
  const drill = readDrill(path)
  const curves = drill.run === null ? [] : [latencyCurve('response', [responseOf(drill.run)])]
  return {text: formatDrillDocument(drill), curves}
}

function responseOf({latencyUs}: Pick<RunDocument, 'latencyUs'>): string {
  return latencyUs.histogram
}

async function exportEntry({kind, path}: SavedEntry): Promise<readonly string[]> {
  const name = basename(path, '.json')
  const {title, text} = kind === 'run' ? titledRun(await readDocument(path)) : titledDrill(readDrill(path))
  const files = [
    [resolve(`${name}.json`), readRegularFile(path, {maxBytes: DOCUMENT_MAX_BYTES})],
    [resolve(`${name}.md`), printableLines(`# ${title}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`)],
  ] as const
  for (const [file, content] of files) await writeNew(file, content)
  return files.map(([file]) => file)
}

function titledRun(document: SavedDocument) {
  return {title: `${nameOfRun(document)} ${document.startedAt}`, text: formatDocument(document)}
}

function titledDrill(drill: DrillDocument) {
  return {title: `drill ${drill.drill} ${drill.startedAt}`, text: formatDrillDocument(drill)}
}

/** Never over a file that is there: it may be somebody's. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, {flag: 'wx'})
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST'
    // What is wrong stands first: a narrow terminal cuts a long path.
    throw new UsageError(there ? `Not written, the file exists: ${file}` : `Not written: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
