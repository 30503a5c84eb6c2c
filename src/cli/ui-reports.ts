import {rm, writeFile} from 'node:fs/promises'
import {basename, resolve} from 'node:path'
import {messageOf} from '../protocol/errors.js'
import type {OpenedReport, ReportPort, SavedDrill, SavedEntry, SavedPage, SavedRun} from '../ui/report-port.js'
import {compareRuns} from './compare/compare-runs.js'
import {formatComparison} from './compare/comparison-text.js'
import {formatDrillDocument, readDrill} from './drill/kept-drill.js'
import {drillIndex, pastDrill} from './drill/past-drills.js'
import {UsageError} from './errors.js'
import type {Listed, RunFacts} from './history-index.js'
import {runIndex} from './list-runs-command.js'
import {readRegularFile} from './regular-file.js'
import {formatDocument} from './reports/document-text.js'
import type {DrillDocument} from './reports/drill-json.js'
import {latencyCurve} from './reports/latency-curve.js'
import type {RunDocument} from './reports/run-json.js'
import {listDrillFiles, listRuns, readFileName} from './run-history.js'
import {DOCUMENT_MAX_BYTES, nameOfRun, readDocument, runsOf, type SavedDocument} from './saved-document.js'

/** The same history, reports and comparison as `repbench runs`, `repbench compare` and `repbench drill`. */
export function uiReports(env: NodeJS.ProcessEnv): ReportPort {
  return {
    list: limit => newest(env, limit),
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

/** Only the newest are read: thousands would take their time. */
async function newest(env: NodeJS.ProcessEnv, limit: number): Promise<SavedPage> {
  const [runs, drills] = await Promise.all([listRuns(env), listDrillFiles(env)])
  const numbers = new Map(runs.map((path, index) => [path, index + 1]))
  // The names of files begin with the time, also of those that cannot be read.
  const all = [...runs, ...drills].toSorted((a, b) => (basename(a) < basename(b) ? 1 : -1))
  const shown = all.slice(0, limit)
  const entries = new Map<string, SavedEntry>()
  const shownRuns = shown.filter(path => numbers.has(path))
  const runsIndex = runIndex(env)
  let at = 0
  for await (const listed of runsIndex.lookAtAll(shownRuns)) {
    const path = shownRuns[at++]!
    entries.set(path, savedRun(path, numbers.get(path)!, listed))
  }
  runsIndex.keep(runs)
  const shownDrills = shown.filter(path => !numbers.has(path))
  const drillsIndex = drillIndex(env)
  at = 0
  for await (const listed of drillsIndex.lookAtAll(shownDrills)) {
    const path = shownDrills[at++]!
    entries.set(path, savedDrill(path, listed))
  }
  drillsIndex.keep(drills)
  return {entries: shown.map(path => entries.get(path)!), older: all.length - shown.length}
}

function savedDrill(path: string, listed: Parameters<typeof pastDrill>[1]): SavedDrill {
  const {drill, ...facts} = pastDrill(path, listed)
  return {kind: 'drill', name: drill, ...facts}
}

function savedRun(path: string, number: number, {facts, flaw}: Listed<RunFacts>): SavedRun {
  if (facts !== null) return {kind: 'run', path, number, ...facts, flaw}
  const none = {repetitions: 0, opsPerSecond: null, p50Us: null, p99Us: null, errors: null}
  return {kind: 'run', path, number, ...readFileName(path), ...none, verdict: 'unknown', flaw}
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
    [resolve(`${name}.md`), `# ${title}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`],
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
    throw new UsageError(there ? `Not written, it is there already: ${file}` : `Not written: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
