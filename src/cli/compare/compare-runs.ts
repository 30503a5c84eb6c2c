import {type ComparedMeasure, comparedMeasure, comparedMeasures} from '../documents/json/compared-measures.js'
import type {RunDocument} from '../documents/json/run-json.js'
import {runsOf, type SavedDocument} from '../documents/json/saved-document.js'
import {type Spread, summarize} from '../documents/json/spread.js'
import {describeSettings} from '../load-settings/describe-settings.js'
import {defaultFamily, type JudgedMeasure, judgeRuns, type RunsJudgement} from './judge-runs.js'
import {isSaturated} from './usable-runs.js'

/** One run, or several of the same, under one measure. */
interface ComparedValue extends Spread {
  /** How many runs it is the median of. */
  readonly runs: number
  /** Of the medians, from the first, in percent; null for the first itself and where the first is 0. */
  readonly changePercent: number | null
  /** Null where this measure is not judged, or cannot be. */
  readonly judgement: JudgedMeasure['judgement']
}

export interface ComparedRow extends Pick<ComparedMeasure, 'name' | 'unit' | 'better'> {
  /** In the order of the runs; null where it was not measured. */
  readonly values: readonly (ComparedValue | null)[]
}

/** A setting that is not the same in all. */
interface SettingDifference {
  readonly setting: string
  readonly values: readonly (string | number | boolean | null)[]
}

export interface Comparison {
  readonly rows: readonly ComparedRow[]
  readonly differences: readonly SettingDifference[]
  /** Of each later document, held against the first. */
  readonly judgements: readonly RunsJudgement[]
}

/**
 * Every later document is held against the first.
 * @param family names of the measures that are judged, together
 */
export function compareRuns(
  documents: readonly SavedDocument[],
  family: readonly string[] = defaultFamily,
): Comparison {
  const all = documents.map(comparedRuns)
  const [first = [], ...later] = all
  const judged = family.flatMap(name => comparedMeasure(name) ?? [])
  const judgements = later.map(second => judgeRuns({first, second, measures: judged, comparisons: later.length}))
  const further = judged.filter(({name}) => comparedMeasures.every(measure => measure.name !== name))
  const rows = [...comparedMeasures, ...further].map(measure => compareMeasure(measure, all, judgements))
  return {
    rows: rows.filter(({values}) => values.some(value => value !== null)),
    differences: findDifferences(documents),
    judgements,
  }
}

function compareMeasure(
  {name, unit, better, read}: ComparedMeasure,
  all: readonly (readonly RunDocument[])[],
  judgements: readonly RunsJudgement[],
): ComparedRow {
  const spreads = all.map(runs => {
    const kept = unlessNone(runs, run => !isSaturated(run))
    const spread = summarize(kept.map(read))
    return spread === null ? null : {...spread, runs: kept.length}
  })
  const [base] = spreads
  const values = spreads.map((spread, index) => {
    if (spread === null) return null
    if (index === 0 || base === null || base === undefined) return {...spread, changePercent: null, judgement: null}
    const changePercent = base.median === 0 ? null : ((spread.median - base.median) / base.median) * 100
    const judged = judgements[index - 1]?.measures.find(measure => measure.name === name)
    return {...spread, changePercent, judgement: judged?.judgement ?? null}
  })
  return {name, unit, better, values}
}

/** What was interrupted is no measurement of the same, unless there is nothing else. */
function comparedRuns(document: SavedDocument): readonly RunDocument[] {
  return unlessNone(runsOf(document), ({interrupted}) => !interrupted)
}

/** Those that are fit, or all where none is. */
function unlessNone(runs: readonly RunDocument[], isFit: (run: RunDocument) => boolean): readonly RunDocument[] {
  const fit = runs.filter(isFit)
  return fit.length === 0 ? runs : fit
}

function findDifferences(documents: readonly SavedDocument[]): SettingDifference[] {
  const all = documents.map(factsOf)
  const names = [...new Set(all.flatMap(facts => [...facts.keys()]))]
  return names
    .map(setting => ({setting, values: all.map(facts => facts.get(setting) ?? null)}))
    .filter(({values}) => values.some(value => value !== values[0]))
}

function factsOf(document: SavedDocument): Map<string, string | number | boolean> {
  const {plan, topology, version, interrupted} = runsOf(document)[0]!
  const backends = topology.nodes.map(({backend}) => backend ?? 'running server').join(' + ')
  return new Map<string, string | number | boolean>([
    ['topology', `${topology.name} (${backends})`],
    ...describeSettings(plan),
    ['version', version],
    ...(interrupted ? [['interrupted', true] as const] : []),
  ])
}
