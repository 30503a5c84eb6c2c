import type {z} from 'zod'
import {messageOf} from '../../../protocol/errors.js'
import {quoted} from '../../../protocol/printable.js'
import {readRegularFile} from '../../../server/system/regular-file.js'
import {UsageError} from '../../app/errors.js'
import {listedName} from '../phrases/listed-name.js'
import {REPEATED_SCHEMA, type RepeatedDocument, repeatedDocumentSchema} from './repeated-json.js'
import {RUN_SCHEMA, type RunDocument, runDocumentSchema} from './run-json.js'

/** What `repbench load` writes: one run, or the runs of `--repeat`. */
export type SavedDocument = RunDocument | RepeatedDocument

export function runsOf(document: SavedDocument): readonly RunDocument[] {
  return document.schema === REPEATED_SCHEMA ? document.runs : [document]
}

/** The name of its plan, shortened for a list. */
export function nameOfRun(document: SavedDocument): string {
  return listedName(runsOf(document)[0]!.plan.name)
}

const schemas = {[RUN_SCHEMA]: runDocumentSchema, [REPEATED_SCHEMA]: repeatedDocumentSchema} as const

/** Larger than a run of a week; a larger file is something else. */
export const DOCUMENT_MAX_BYTES = 256 * 1024 * 1024

const EXPECTED = 'Expected the JSON of a run'

/**
 * Reads a document that may have been damaged, or be something else.
 * @throws UsageError that says what is wrong with it
 */
export async function readDocument(path: string): Promise<SavedDocument> {
  return readDocumentNow(path)
}

/** As readDocument(), without a turn of the event loop. */
export function readDocumentNow(path: string): SavedDocument {
  let text: string
  try {
    text = readRegularFile(path, {maxBytes: DOCUMENT_MAX_BYTES})
  } catch (error) {
    throw new UsageError(`${EXPECTED}, got ${messageOf(error)}`, {cause: error})
  }
  return parseDocument(text, path)
}

/** @throws UsageError that says what is wrong with the text, which is that of `path` */
export function parseDocument(text: string, path: string): SavedDocument {
  const content = parseJson(text, path)
  const id = typeof content === 'object' && content !== null && 'schema' in content ? content.schema : undefined
  if (id !== RUN_SCHEMA && id !== REPEATED_SCHEMA) {
    const known = Object.keys(schemas).join(' or ')
    const got = id === undefined ? 'none' : `'${quoted(String(id))}'`
    throw new UsageError(`${EXPECTED} (schema ${known}), got ${path} with ${got}`)
  }
  const parsed: z.ZodSafeParseResult<SavedDocument> = schemas[id].safeParse(content)
  if (parsed.success) return parsed.data
  const {path: field, message} = parsed.error.issues[0]!
  throw new UsageError(`${EXPECTED}, got ${path}, damaged at ${field.join('.') || 'its top'}: ${message}`)
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${EXPECTED}, got ${path}, which is no JSON`, {cause: error})
  }
}
