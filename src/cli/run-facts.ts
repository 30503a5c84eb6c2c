import type {RunFacts} from './history-index.js'
import {comparedMeasures, failedOperations} from './reports/compared-measures.js'
import {summarize} from './reports/spread.js'
import {nameOfRun, readDocumentNow, runsOf, type SavedDocument} from './saved-document.js'

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
