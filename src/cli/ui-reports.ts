import {readFile, rm, writeFile} from 'node:fs/promises'
import {basename, resolve} from 'node:path'
import {messageOf} from '../protocol/errors.js'
import {printableLines, quoted} from '../protocol/printable.js'
import type {PastDrill} from '../ui/drill-port.js'
import type {OpenedReport, ReportPort, SavedDrill, SavedEntry, SavedRun} from '../ui/report-port.js'
import {compareRuns} from './compare/compare-runs.js'
import {formatComparison} from './compare/comparison-text.js'
import {formatDrillDocument, listDrills, readDrill} from './drill/past-drills.js'
import {UsageError} from './errors.js'
import {comparedMeasures, failedOperations} from './reports/compared-measures.js'
import {formatDocument} from './reports/document-text.js'
import type {DrillDocument} from './reports/drill-json.js'
import {latencyCurve} from './reports/latency-curve.js'
import type {RunDocument} from './reports/run-json.js'
import {summarize} from './reports/spread.js'
import {listRuns, readFileName} from './run-history.js'
import {NAME_MOST, nameOfRun, readDocument, runsOf, type SavedDocument} from './saved-document.js'

const SHOWN_MOST = 1000

/** What was read before: runs don't change once they are kept, and reading them takes its time. */
const known = new Map<string, Omit<SavedRun, 'number'>>()

/** The same history, reports and comparison as `repbench runs`, `repbench compare` and `repbench drill`. */
export function uiReports(env: NodeJS.ProcessEnv): ReportPort {
  return {
    async list() {
      const [runs, drills] = await Promise.all([newestRuns(env), listDrills(env)])
      const entries: readonly SavedEntry[] = [...runs, ...drills.map(describeDrill)]
      // The names of files begin with the time, also of those that cannot be read.
      return entries.toSorted((a, b) => (basename(a.path) < basename(b.path) ? 1 : -1))
    },
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

async function newestRuns(env: NodeJS.ProcessEnv): Promise<SavedRun[]> {
  const paths = await listRuns(env)
  const first = Math.max(0, paths.length - SHOWN_MOST)
  const runs: SavedRun[] = []
  // One by one: keys are answered in between.
  for (const [index, path] of paths.slice(first).entries()) {
    runs.push({...(await readRun(path)), number: first + index + 1})
  }
  return runs
}

function describeDrill({drill, ...facts}: PastDrill): SavedDrill {
  return {kind: 'drill', name: drill, ...facts}
}

async function openRun(path: string): Promise<OpenedReport> {
  const document = await readDocument(path)
  const runs = runsOf(document)
  const service = runs.flatMap(({latencyUs: {serviceHistogram}}) => serviceHistogram ?? [])
  const curves = [latencyCurve('response', runs.map(responseOf)), latencyCurve('service', service)]
  return {text: formatDocument(document), curves: curves.filter(({us}) => us.length > 0)}
}

async function openDrill(path: string): Promise<OpenedReport> {
  const drill = await readDrill(path)
  const curves = drill.run === null ? [] : [latencyCurve('response', [responseOf(drill.run)])]
  return {text: formatDrillDocument(drill), curves}
}

function responseOf({latencyUs}: Pick<RunDocument, 'latencyUs'>): string {
  return latencyUs.histogram
}

async function exportEntry({kind, path}: SavedEntry): Promise<readonly string[]> {
  const name = basename(path, '.json')
  const {title, text} = kind === 'run' ? titledRun(await readDocument(path)) : titledDrill(await readDrill(path))
  const files = [
    [resolve(`${name}.json`), await readFile(path, 'utf8')],
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

async function readRun(path: string): Promise<Omit<SavedRun, 'number'>> {
  const before = known.get(path)
  if (before !== undefined) return before
  try {
    const run = describeRun(path, await readDocument(path))
    known.set(path, run)
    return run
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return describeFlaw(path, error.message)
  }
}

function describeRun(path: string, document: SavedDocument): Omit<SavedRun, 'number'> {
  const {startedAt, verdict} = document
  const runs = runsOf(document)
  const median = (name: string) => {
    const {read} = comparedMeasures.find(measure => measure.name === name)!
    return summarize(runs.map(read))?.median ?? null
  }
  return {
    kind: 'run',
    path,
    name: nameOfRun(document),
    startedAt,
    repetitions: runs.length,
    opsPerSecond: median('rate'),
    p50Us: median('p50'),
    p99Us: median('p99'),
    errors: summarize(runs.map(failedOperations))?.median ?? null,
    verdict,
    flaw: null,
  }
}

function describeFlaw(path: string, flaw: string): Omit<SavedRun, 'number'> {
  const {startedAt, name} = readFileName(path)
  const none = {opsPerSecond: null, p50Us: null, p99Us: null, errors: null}
  return {
    kind: 'run',
    path,
    startedAt,
    name: quoted(name, {most: NAME_MOST}),
    repetitions: 0,
    ...none,
    verdict: 'unknown',
    flaw,
  }
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
