import {readFile, rm, writeFile} from 'node:fs/promises'
import {basename} from 'node:path'
import type {ReportPort, SavedRun} from '../ui/report-port.js'
import {compareRuns} from './compare/compare-runs.js'
import {formatComparison} from './compare/comparison-text.js'
import {UsageError} from './errors.js'
import {comparedMeasures} from './reports/compared-measures.js'
import {formatDocument} from './reports/document-text.js'
import {summarize} from './reports/spread.js'
import {listRuns} from './run-history.js'
import {nameOfRun, readDocument, runsOf, type SavedDocument} from './saved-document.js'

const SHOWN_MOST = 100

/** What was read before: runs don't change once they are kept, and reading them takes its time. */
const known = new Map<string, Omit<SavedRun, 'number'>>()

/** The same history, reports and comparison as `repbench runs` and `repbench compare`. */
export function uiReports(env: NodeJS.ProcessEnv): ReportPort {
  return {
    async list() {
      const paths = await listRuns(env)
      const first = Math.max(0, paths.length - SHOWN_MOST)
      const runs: SavedRun[] = []
      // One by one: keys are answered in between.
      for (const [index, path] of paths.slice(first).entries()) {
        runs.push({...(await readRun(path)), number: first + index + 1})
      }
      return runs.reverse()
    },
    open: async path => formatDocument(await readDocument(path)),
    async compare(...runs) {
      const named = await Promise.all(
        runs.map(async ({path, number}) => ({
          label: `run ${number}`,
          path: basename(path),
          document: await readDocument(path),
        })),
      )
      return formatComparison(named, compareRuns(named.map(({document}) => document)))
    },
    remove: path => rm(path),
    async export({path}) {
      const document = await readDocument(path)
      const name = basename(path, '.json')
      const title = `# ${nameOfRun(document)} ${document.startedAt}`
      const files = [
        [`${name}.json`, await readFile(path, 'utf8')],
        [`${name}.md`, `${title}\n\n\`\`\`text\n${formatDocument(document).trimEnd()}\n\`\`\`\n`],
      ] as const
      for (const [file, text] of files) await writeNew(file, text)
      return files.map(([file]) => file)
    },
  }
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
    path,
    name: nameOfRun(document),
    startedAt,
    repetitions: runs.length,
    opsPerSecond: median('rate'),
    p50Us: median('p50'),
    p99Us: median('p99'),
    errors: median('errors'),
    verdict,
    flaw: null,
  }
}

function describeFlaw(path: string, flaw: string): Omit<SavedRun, 'number'> {
  const none = {opsPerSecond: null, p50Us: null, p99Us: null, errors: null}
  return {path, name: basename(path), startedAt: '', repetitions: 0, ...none, verdict: 'unknown', flaw}
}

/** Never over a file that is there: it may be somebody's. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, {flag: 'wx'})
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'one that is there' : (error as Error).message
    throw new UsageError(`Expected to write the new file ${file}, got ${got}`, {cause: error})
  }
}
