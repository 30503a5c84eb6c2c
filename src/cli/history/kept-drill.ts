import {basename} from 'node:path'
import {z} from 'zod'
import {lagUsSchema} from '../../engine/result/run-result.js'
import {messageOf} from '../../protocol/errors.js'
import {quoted} from '../../protocol/printable.js'
import {readRegularFile} from '../../server/system/regular-file.js'
import {UsageError} from '../app/errors.js'
import {DRILL_SCHEMA, type DrillDocument} from '../documents/json/drill-json.js'
import {DOCUMENT_MAX_BYTES} from '../documents/json/saved-document.js'
import {formatDrill, stepLine} from '../documents/text/drill-text.js'

/** What is read of a drill beyond its report. */
const headSchema = z.object({
  schema: z.literal(DRILL_SCHEMA),
  drill: z.string(),
  topology: z.string(),
  startedAt: z.iso.datetime(),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  measures: z.object({rtoMs: z.object({max: z.number().nullable()})}).nullable(),
  rpo: z.object({writes: z.number()}).nullable(),
})

/** The report of a drill for people, with its steps. */
export function formatDrillDocument(drill: DrillDocument): string {
  return [formatDrill(drill), 'steps', ...drill.steps.map(stepLine)].join('\n')
}

/**
 * A drill that was kept.
 * @throws UsageError where the file is damaged or of another version
 */
export function readDrill(path: string): DrillDocument {
  try {
    return parseDrill(readRegularFile(path, {maxBytes: DOCUMENT_MAX_BYTES}))
  } catch (error) {
    const expected = 'Expected a drill that this version can read, got'
    throw new UsageError(`${expected} ${quoted(basename(path))}, ${flawOfDrill(error)}`, {cause: error})
  }
}

/** @throws an error that flawOfDrill() describes */
export function parseDrill(text: string): DrillDocument {
  const document: unknown = JSON.parse(text)
  headSchema.parse(document)
  // The rest was written by ourselves; where it is not what this version expects, drawing it fails.
  const drill = withLag(document as DrillDocument)
  formatDrillDocument(drill)
  return drill
}

/** Why parseDrill() refuses a text. */
export function flawOfDrill(error: unknown): string {
  if (error instanceof SyntaxError) return 'which is no JSON'
  if (!(error instanceof z.ZodError)) return messageOf(error)
  const {path, message} = error.issues[0]!
  return `damaged at ${path.join('.') || 'its top'}: ${message}`
}

/** Reads the lag of earlier versions, too. */
function withLag(drill: DrillDocument): DrillDocument {
  return {
    ...drill,
    lagUs: lagUsSchema.nullable().parse(drill.lagUs),
    lagByPhaseUs: drill.lagByPhaseUs ?? null,
  }
}
