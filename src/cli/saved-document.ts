import {readFile} from 'node:fs/promises'
import type {z} from 'zod'
import {quoted} from '../protocol/printable.js'
import {UsageError} from './errors.js'
import {REPEATED_SCHEMA, type RepeatedDocument, repeatedDocumentSchema} from './reports/repeated-json.js'
import {RUN_SCHEMA, type RunDocument, runDocumentSchema} from './reports/run-json.js'

/** What `repbench load` writes: one run, or the runs of `--repeat`. */
export type SavedDocument = RunDocument | RepeatedDocument

export function runsOf(document: SavedDocument): readonly RunDocument[] {
  return document.schema === REPEATED_SCHEMA ? document.runs : [document]
}

/** Characters of a name that a list has room for. */
export const NAME_MOST = 60

/** That of its plan, fit for a list. */
export function nameOfRun(document: SavedDocument): string {
  return quoted(runsOf(document)[0]!.plan.name, {most: NAME_MOST})
}

const schemas = {[RUN_SCHEMA]: runDocumentSchema, [REPEATED_SCHEMA]: repeatedDocumentSchema} as const

/**
 * Reads a document that may have been damaged, or be something else.
 * @throws UsageError that says what is wrong with it
 */
export async function readDocument(path: string): Promise<SavedDocument> {
  const expected = 'Expected the JSON of a run'
  let content: unknown
  try {
    content = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    const got = error instanceof SyntaxError ? `${path}, which is no JSON` : (error as Error).message
    throw new UsageError(`${expected}, got ${got}`, {cause: error})
  }
  const id = typeof content === 'object' && content !== null && 'schema' in content ? content.schema : undefined
  if (id !== RUN_SCHEMA && id !== REPEATED_SCHEMA) {
    const known = Object.keys(schemas).join(' or ')
    throw new UsageError(
      `${expected} (schema ${known}), got ${path} with ${id === undefined ? 'none' : `'${quoted(String(id))}'`}`,
    )
  }
  const parsed: z.ZodSafeParseResult<SavedDocument> = schemas[id].safeParse(content)
  if (parsed.success) return parsed.data
  const {path: field, message} = parsed.error.issues[0]!
  throw new UsageError(`${expected}, got ${path}, damaged at ${field.join('.') || 'its top'}: ${message}`)
}
