import {describeSettings} from '../load/describe-settings.js'
import {type ComparedMeasure, comparedMeasures} from '../reports/compared-measures.js'
import {type Spread, summarize} from '../reports/spread.js'
import {runsOf, type SavedDocument} from '../saved-document.js'

/**
 * Better or worse than the first; `same` within the noise, where runs were
 * repeated; null where neither way is better or a value is missing.
 */
type Judgement = 'better' | 'worse' | 'same' | null

/** One run, or several of the same, under one measure. */
interface ComparedValue extends Spread {
  /** How many runs it is the median of. */
  readonly runs: number
  /** From the first, in percent; null for the first itself and where the first is 0. */
  readonly changePercent: number | null
  readonly judgement: Judgement
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
}

/** Every later document is held against the first. */
export function compareRuns(documents: readonly SavedDocument[]): Comparison {
  const rows = comparedMeasures.map(measure => compareMeasure(measure, documents))
  return {
    rows: rows.filter(({values}) => values.some(value => value !== null)),
    differences: findDifferences(documents),
  }
}

function compareMeasure({name, unit, better, read}: ComparedMeasure, documents: readonly SavedDocument[]): ComparedRow {
  const spreads = documents.map(document => {
    const runs = wholeRuns(document)
    const spread = summarize(runs.map(read))
    return spread === null ? null : {...spread, runs: runs.length}
  })
  const [base] = spreads
  const values = spreads.map((spread, index) => {
    if (spread === null) return null
    if (index === 0 || base === null || base === undefined) return {...spread, changePercent: null, judgement: null}
    const changePercent = base.median === 0 ? null : ((spread.median - base.median) / base.median) * 100
    return {...spread, changePercent, judgement: judge(base, spread, better)}
  })
  return {name, unit, better, values}
}

/** Runs that overlap differ by no more than their noise. */
function judge(base: Spread, other: Spread, better: ComparedMeasure['better']): Judgement {
  if (better === null) return null
  const overlap = other.min <= base.max && base.min <= other.max
  if (overlap) return 'same'
  return other.median > base.median === (better === 'higher') ? 'better' : 'worse'
}

/** What was interrupted is no measurement of the same, unless there is nothing else. */
function wholeRuns(document: SavedDocument) {
  const runs = runsOf(document)
  const whole = runs.filter(({interrupted}) => !interrupted)
  return whole.length === 0 ? runs : whole
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
