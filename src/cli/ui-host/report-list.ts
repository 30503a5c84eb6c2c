import {basename} from 'node:path'
import type {SavedDrill, SavedEntry, SavedPage, SavedRun} from '../../ui/ports/report-port.js'
import {listedName} from '../documents/phrases/listed-name.js'
import type {DrillFacts, HistoryIndex, Listed, RunFacts} from '../history/history-index.js'
import {drillIndex, pastDrill} from '../history/past-drills.js'
import {listDrillFiles, listRuns, readFileName, runIndex} from '../history/run-history.js'

/** The newest saved runs and drills; older ones are only counted, as reading thousands takes long. */
export async function newestEntries(env: NodeJS.ProcessEnv, limit: number): Promise<SavedPage> {
  const [runs, drills] = await Promise.all([listRuns(env), listDrillFiles(env)])
  const shownRuns = runs.slice(-limit)
  const shownDrills = drills.slice(-limit)
  // The names of files begin with the time, also of those that cannot be read.
  const shown = [...shownRuns, ...shownDrills].toSorted((a, b) => (basename(a) < basename(b) ? 1 : -1)).slice(0, limit)
  const isShown = new Set(shown)
  const firstNumber = runs.length - shownRuns.length + 1
  const entries = new Map<string, SavedEntry>()
  const numbered = shownRuns.flatMap((path, at) => (isShown.has(path) ? [{path, number: firstNumber + at}] : []))
  const add = (path: string, entry: SavedEntry) => void entries.set(path, entry)
  await lookAt(runIndex(env), {paths: numbered.map(({path}) => path), all: runs}, (path, at, listed) =>
    add(path, savedRun(path, numbered[at]!.number, listed)),
  )
  await lookAt(
    drillIndex(env),
    {paths: shownDrills.filter(path => isShown.has(path)), all: drills},
    (path, _, listed) => add(path, savedDrill(path, listed)),
  )
  return {entries: shown.map(path => entries.get(path)!), older: runs.length + drills.length - shown.length}
}

async function lookAt<Of extends RunFacts | DrillFacts>(
  index: HistoryIndex<Of>,
  {paths, all}: {paths: readonly string[]; all: readonly string[]},
  onListed: (path: string, at: number, listed: Listed<Of>) => void,
): Promise<void> {
  let at = 0
  for await (const listed of index.lookAtAll(paths)) {
    onListed(paths[at]!, at, listed)
    at++
  }
  index.keep(all)
}

function savedDrill(path: string, listed: Listed<DrillFacts>): SavedDrill {
  const {drill, ...facts} = pastDrill(path, listed)
  return {kind: 'drill', name: drill, ...facts}
}

function savedRun(path: string, number: number, {facts, flaw}: Listed<RunFacts>): SavedRun {
  if (facts !== null) return {kind: 'run', path, number, ...facts, name: listedName(facts.name), flaw}
  const none = {repetitions: 0, opsPerSecond: null, p50Us: null, p99Us: null, errors: null}
  const {startedAt, name} = readFileName(path)
  return {
    kind: 'run',
    path,
    number,
    startedAt,
    name: listedName(name),
    ...none,
    verdict: 'unknown',
    flaw,
  }
}
