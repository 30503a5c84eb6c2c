import type {PastDrill} from '../../ui/ports/drill-port.js'
import {listedName} from '../documents/phrases/listed-name.js'
import {type DrillFacts, HistoryIndex, type Listed} from './history-index.js'
import {historyDirectory, listDrillFiles, readFileName} from './run-history.js'

const SHOWN_MOST = 100

/** The newest saved drills, newest first; a file that cannot be read has its flaw. */
export async function listDrills(env: NodeJS.ProcessEnv): Promise<readonly PastDrill[]> {
  const paths = await listDrillFiles(env)
  const index = drillIndex(env)
  const newest = paths.slice(-SHOWN_MOST).reverse()
  const drills: PastDrill[] = []
  for await (const listed of index.lookAtAll(newest)) drills.push(pastDrill(newest[drills.length]!, listed))
  index.keep(paths)
  return drills
}

export function drillIndex(env: NodeJS.ProcessEnv): HistoryIndex<DrillFacts> {
  return new HistoryIndex({directory: historyDirectory(env, 'drills'), read: factsOf})
}

/** One line of a list of drills. */
export function pastDrill(path: string, {facts, flaw}: Listed<DrillFacts>): PastDrill {
  if (facts !== null) {
    return {path, ...facts, drill: listedName(facts.drill), topology: listedName(facts.topology), flaw}
  }
  const {startedAt, name} = readFileName(path)
  return {
    path,
    drill: listedName(name),
    startedAt,
    topology: '',
    verdict: 'unknown',
    rtoMs: null,
    lostWrites: null,
    flaw,
  }
}

/** The document reader is loaded with the first file that is not in the index. */
async function factsOf(path: string): Promise<DrillFacts> {
  const {readDrill} = await import('./kept-drill.js')
  const {drill, topology, startedAt, verdict, measures, rpo} = readDrill(path)
  return {
    drill,
    topology,
    startedAt,
    verdict,
    rtoMs: measures?.rtoMs.max ?? null,
    lostWrites: rpo?.writes ?? null,
  }
}

/**
 * The report of a drill that was kept.
 * @throws UsageError where the file is damaged or of another version
 */
export async function readDrillReport(path: string): Promise<string> {
  const {formatDrillDocument, readDrill} = await import('./kept-drill.js')
  return formatDrillDocument(readDrill(path))
}
