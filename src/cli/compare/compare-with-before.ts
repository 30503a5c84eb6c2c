import {basename} from 'node:path'
import {failedOperations} from '../documents/json/compared-measures.js'
import {nameOfRun, readDocument, runsOf, type SavedDocument} from '../documents/json/saved-document.js'
import {summarize} from '../documents/json/spread.js'
import {listRuns} from '../history/run-history.js'
import {compareRuns} from './compare-runs.js'

/** The figures that an operator looks at first. */
const measures = ['rate', 'p50', 'p99'] as const
/** A run without any reply cannot be compared with; an earlier one may. */
const RUNS_TRIED = 5
/** Settings that are named; more are an ellipsis. */
const DIFFERENCES_NAMED = 4

/**
 * A run against the last kept one of the same name: "vs run #6: rate +1.2 %, p99 −8.0 %", and whether that is a change,
 * by the same rule as in every comparison; null without one.
 * @param savedAs the file of the run itself, where it is in the history already
 */
export async function compareWithBefore(
  document: SavedDocument,
  env: NodeJS.ProcessEnv,
  savedAs: string | null = null,
): Promise<string | null> {
  try {
    const paths = await listRuns(env)
    const same = paths.flatMap((path, index) =>
      path !== savedAs && basename(path).endsWith(`Z-${nameOfRun(document)}.json`) ? [{path, number: index + 1}] : [],
    )
    for (const {path, number} of same.slice(-RUNS_TRIED).reverse()) {
      const line = describe(document, await readDocument(path), number)
      if (line !== null) return line
    }
    return null
  } catch {
    // A damaged history must not cost the run.
    return null
  }
}

function describe(
  document: SavedDocument,
  before: Awaited<ReturnType<typeof readDocument>>,
  number: number,
): string | null {
  const {rows, differences, judgements} = compareRuns([before, document])
  const changes = measures.flatMap(measure => {
    const value = rows.find(({name}) => name === measure)?.values[1]
    if (value == null || value.changePercent === null) return []
    return [`${measure} ${signed(value.changePercent)} %${value.judgement === null ? '' : ` ${value.judgement}`}`]
  })
  if (!changes.some(change => change.startsWith('rate'))) return null
  const [errorsBefore = 0, errorsNow = 0] = [before, document].map(failedIn)
  const byHand = [before, document].some(each =>
    runsOf(each).some(({events}) => events.some(({kind}) => kind === 'rate')),
  )
  const settings = [...(byHand ? ['rate by hand'] : []), ...differences.map(({setting}) => setting)]
  const all = [...changes, ...describeErrors(errorsBefore, errorsNow)]
  const reason = judgements[0]?.reason ?? null
  const unjudged = reason === null ? '' : `; no judgement: ${reason}`
  return `vs run #${number}: ${all.join(', ')}${unjudged}${describeDifferences(settings)}`
}

function failedIn(document: SavedDocument): number {
  return summarize(runsOf(document).map(failedOperations))?.median ?? 0
}

/** Only where there were any. */
function describeErrors(before: number, now: number): string[] {
  return before === 0 && now === 0 ? [] : [`errors ${before.toLocaleString('en-US')} → ${now.toLocaleString('en-US')}`]
}

function describeDifferences(settings: readonly string[]): string {
  if (settings.length === 0) return ''
  const named = settings.slice(0, DIFFERENCES_NAMED).join(', ')
  return ` (differs: ${named}${settings.length > DIFFERENCES_NAMED ? ' …' : ''})`
}

/** With a minus that is as wide as the plus; a change of nothing has no sign. */
function signed(percent: number): string {
  const text = Math.abs(percent).toFixed(1)
  if (text === '0.0') return text
  return `${percent > 0 ? '+' : '−'}${text}`
}
