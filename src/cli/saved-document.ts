import {REPEATED_SCHEMA, type RepeatedDocument} from './reports/repeated-json.js'
import type {RunDocument} from './reports/run-json.js'

/** What `repbench load` writes: one run, or the runs of `--repeat`. */
export type SavedDocument = RunDocument | RepeatedDocument

export function runsOf(document: SavedDocument): readonly RunDocument[] {
  return document.schema === REPEATED_SCHEMA ? document.runs : [document]
}

/** That of its plan. */
export function nameOfRun(document: SavedDocument): string {
  return runsOf(document)[0]!.plan.name
}
