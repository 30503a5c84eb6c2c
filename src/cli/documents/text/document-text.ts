import type {SavedDocument} from '../json/saved-document.js'
import {formatRepeated} from './repeated-text.js'
import {formatRun} from './run-text.js'

/** One run, or the runs of `--repeat`, for people. */
export function formatDocument(document: SavedDocument): string {
  return 'runs' in document ? formatRepeated(document) : formatRun(document)
}
