import {readFile} from 'node:fs/promises'
import {basename} from 'node:path'
import {z} from 'zod'
import type {PastDrill} from '../../ui/drill-port.js'
import {UsageError} from '../errors.js'
import {DRILL_SCHEMA, type DrillDocument} from '../reports/drill-json.js'
import {formatDrill, stepLine} from '../reports/drill-text.js'
import {listDrillFiles} from '../run-history.js'

const SHOWN_MOST = 100

/** What the history shows of a drill. */
const headSchema = z.object({
  schema: z.literal(DRILL_SCHEMA),
  drill: z.string(),
  topology: z.string(),
  startedAt: z.iso.datetime(),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  measures: z.object({rtoMs: z.object({max: z.number().nullable()})}).nullable(),
  rpo: z.object({writes: z.number()}).nullable(),
})

/** The newest drills that were kept, newest first; files that are none are passed over. */
export async function listDrills(env: NodeJS.ProcessEnv): Promise<readonly PastDrill[]> {
  const paths = (await listDrillFiles(env)).slice(-SHOWN_MOST).reverse()
  const drills = await Promise.all(paths.map(readHead))
  return drills.filter(drill => drill !== null)
}

async function readHead(path: string): Promise<PastDrill | null> {
  const parsed = headSchema.safeParse(await readJson(path).catch(() => null))
  if (!parsed.success) return null
  const {drill, topology, startedAt, verdict, measures, rpo} = parsed.data
  return {
    path,
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
  return formatDrillDocument(await readDrill(path))
}

/** As people read it, with its steps. */
export function formatDrillDocument(drill: DrillDocument): string {
  return [formatDrill(drill), 'steps', ...drill.steps.map(stepLine)].join('\n')
}

/**
 * A drill that was kept.
 * @throws UsageError where the file is damaged or of another version
 */
export async function readDrill(path: string): Promise<DrillDocument> {
  try {
    const document = await readJson(path)
    headSchema.parse(document)
    // The rest was written by ourselves; where it is not what this version expects, drawing it fails.
    const drill = document as DrillDocument
    formatDrillDocument(drill)
    return drill
  } catch (error) {
    throw new UsageError(`Expected a drill that this version can read, got ${basename(path)}`, {cause: error})
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}
