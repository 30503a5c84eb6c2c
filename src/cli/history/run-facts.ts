import {comparedMeasures, failedOperations} from '../documents/json/compared-measures.js'
import {nameOfRun, readDocumentNow, runsOf, type SavedDocument} from '../documents/json/saved-document.js'
import {summarize} from '../documents/json/spread.js'
import type {RunFacts} from './history-index.js'

/** @throws UsageError where the file is damaged */
export function readRunFacts(path: string): RunFacts {
  return runFactsOf(readDocumentNow(path))
}

/** What lists show of a run; medians where it was repeated. */
export function runFactsOf(document: SavedDocument): RunFacts {
  const runs = runsOf(document)
  const median = (name: string) => {
    const {read} = comparedMeasures.find(measure => measure.name === name)!
    return summarize(runs.map(read))?.median ?? null
  }
  return {
    name: nameOfRun(document),
    startedAt: document.startedAt,
    repetitions: runs.length,
    opsPerSecond: median('rate'),
    p50Us: median('p50'),
    p99Us: median('p99'),
    errors: summarize(runs.map(failedOperations))?.median ?? null,
    verdict: document.verdict,
  }
}
