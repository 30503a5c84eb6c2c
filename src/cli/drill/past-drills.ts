import {readFile} from 'node:fs/promises'
import {basename} from 'node:path'
import {z} from 'zod'
import {lagUsSchema} from '../../engine/run-result.js'
import {messageOf} from '../../protocol/errors.js'
import {quoted} from '../../protocol/printable.js'
import type {PastDrill} from '../../ui/drill-port.js'
import {UsageError} from '../errors.js'
import {DRILL_SCHEMA, type DrillDocument} from '../reports/drill-json.js'
import {formatDrill, stepLine} from '../reports/drill-text.js'
import {listDrillFiles, readFileName} from '../run-history.js'
import {NAME_MOST} from '../saved-document.js'

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

/** The newest drills that were kept, newest first; of files that cannot be read, what is wrong with them. */
export async function listDrills(env: NodeJS.ProcessEnv): Promise<readonly PastDrill[]> {
  const paths = (await listDrillFiles(env)).slice(-SHOWN_MOST).reverse()
  return Promise.all(paths.map(describe))
}

async function describe(path: string): Promise<PastDrill> {
  try {
    const {drill, topology, startedAt, verdict, measures, rpo} = await readDrill(path)
    const figures = {rtoMs: measures?.rtoMs.max ?? null, lostWrites: rpo?.writes ?? null}
    return {
      path,
      drill: quoted(drill, {most: NAME_MOST}),
      topology: quoted(topology, {most: NAME_MOST}),
      startedAt,
      verdict,
      ...figures,
      flaw: null,
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const {startedAt, name} = readFileName(path)
    const unknown = {topology: '', verdict: 'unknown', rtoMs: null, lostWrites: null} as const
    return {path, drill: quoted(name, {most: NAME_MOST}), startedAt, ...unknown, flaw: error.message}
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
    const document: unknown = JSON.parse(await readFile(path, 'utf8'))
    headSchema.parse(document)
    // The rest was written by ourselves; where it is not what this version expects, drawing it fails.
    const drill = withLag(document as DrillDocument)
    formatDrillDocument(drill)
    return drill
  } catch (error) {
    const expected = 'Expected a drill that this version can read, got'
    throw new UsageError(`${expected} ${quoted(basename(path))}, ${flawOf(error)}`, {cause: error})
  }
}

/** Of earlier versions, too. */
function withLag(drill: DrillDocument): DrillDocument {
  return {
    ...drill,
    lagUs: lagUsSchema.nullable().parse(drill.lagUs),
    lagByPhaseUs: drill.lagByPhaseUs ?? null,
  }
}

function flawOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'which is no JSON'
  if (!(error instanceof z.ZodError)) return messageOf(error)
  const {path, message} = error.issues[0]!
  return `damaged at ${path.join('.') || 'its top'}: ${message}`
}
