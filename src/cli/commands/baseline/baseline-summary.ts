import {runMeasures} from '../../../engine/assertions/run-measures.js'
import {judgeRuns, type RunsJudgement} from '../../compare/judge-runs.js'
import {comparedMeasure} from '../../documents/json/compared-measures.js'
import {type Spread, summarize} from '../../documents/json/spread.js'
import {type BaselineTarget, NATIVE} from './baseline-targets.js'
import type {BaselineRun} from './measure-target.js'

/** The columns of operators' tables (requests/s, then response times in µs). */
export const baselineMeasures = ['rate', 'mean', 'p50', 'p95', 'p99', 'p99.9', 'max'] as const
export type BaselineMeasure = (typeof baselineMeasures)[number]

/** What the runs of one target have in common. */
export interface BaselineRow {
  readonly target: BaselineTarget
  /** Runs that came to their end; 0: what an interrupted one had measured. */
  readonly runs: number
  readonly measures: Readonly<Record<BaselineMeasure, Spread | null>>
  /** Against the native memcached, by the medians, in percent; null for itself, and without it. */
  readonly cost: {
    readonly ratePercent: number | null
    readonly meanPercent: number | null
    readonly p99Percent: number | null
    /** Whether those are more than noise, by the rule of every comparison. */
    readonly judgement: RunsJudgement
  } | null
  /** Failed operations of all runs, by kind. */
  readonly failed: {
    readonly errors: number
    readonly timedOut: number
    readonly lost: number
    readonly unanswered: number
  }
  /** Null for a single node. */
  readonly pair: PairSummary | null
}

interface PairSummary {
  /** Runs that the link survived, of all whose end was seen. */
  readonly survived: number
  readonly of: number
  /** From the loaded node to the other one, in µs, by the medians of the runs; null when it was not measured. */
  readonly lagP50Us: number | null
  readonly lagP99Us: number | null
  /** Lag probes that never arrived. */
  readonly unseen: number
  /** The worst run's share of stores (`total_items`) that the other node has too, 0 to 1; null when not known. */
  readonly arrived: number | null
  /** The largest difference of `curr_items` after a run (loaded minus other, with its sign); null when not known. */
  readonly itemsDifference: number | null
  /** The first alarm of a run, where there was one. */
  readonly alarm: string | null
}

/** An interrupted run counts only where its target has no other, and is compared with nothing. */
export function summarizeBaseline(targets: readonly BaselineTarget[], all: readonly BaselineRun[]): BaselineRow[] {
  const runsOf = ({name}: BaselineTarget) => {
    const own = all.filter(({target}) => target.name === name)
    const complete = own.filter(({run}) => !run.interrupted)
    return {complete: complete.length, runs: complete.length > 0 ? complete : own}
  }
  const native = targets.find(({backend}) => backend === NATIVE)
  const nativeRuns = native !== undefined && runsOf(native).complete > 0 ? runsOf(native).runs : null
  const base = nativeRuns === null ? null : measure(nativeRuns)
  const comparisons = Math.max(1, targets.length - 1)
  return targets.flatMap(target => {
    const {complete, runs} = runsOf(target)
    if (runs.length === 0) return []
    const measures = measure(runs)
    const compared = base !== null && nativeRuns !== null && complete > 0 && target !== native
    return {
      target,
      runs: complete,
      measures,
      cost: compared
        ? {...costOf(measures, base), judgement: judge({first: nativeRuns, second: runs, comparisons})}
        : null,
      failed: failedIn(runs),
      pair: target.side === null ? null : summarizePair(runs),
    }
  })
}

function measure(runs: readonly BaselineRun[]): BaselineRow['measures'] {
  const entries = baselineMeasures.map(name => [name, summarize(runs.map(({run}) => readMeasure(name, run)))])
  return Object.fromEntries(entries) as BaselineRow['measures']
}

function readMeasure(name: BaselineMeasure, run: BaselineRun['run']): number | null {
  const value = runMeasures.get(name)!.read(run)
  return typeof value === 'number' ? value : null
}

const judgedMeasures = ['rate', 'mean', 'p99'].flatMap(name => comparedMeasure(name) ?? [])

interface Judged {
  readonly first: readonly BaselineRun[]
  readonly second: readonly BaselineRun[]
  readonly comparisons: number
}

function judge({first, second, comparisons}: Judged): RunsJudgement {
  const documents = (runs: readonly BaselineRun[]) => runs.map(({run}) => run)
  return judgeRuns({
    first: documents(first),
    second: documents(second),
    measures: judgedMeasures,
    comparisons,
  })
}

function costOf(
  measures: BaselineRow['measures'],
  base: BaselineRow['measures'],
): Omit<NonNullable<BaselineRow['cost']>, 'judgement'> {
  const change = (name: BaselineMeasure): number | null => {
    const [own, native] = [measures[name]?.median, base[name]?.median]
    return own === undefined || native === undefined || native === 0 ? null : (own / native - 1) * 100
  }
  return {ratePercent: change('rate'), meanPercent: change('mean'), p99Percent: change('p99')}
}

function failedIn(runs: readonly BaselineRun[]): BaselineRow['failed'] {
  const sum = (read: (operations: BaselineRun['run']['operations']) => number) =>
    runs.reduce((total, {run}) => total + read(run.operations), 0)
  return {
    errors: sum(({errors}) => Object.values(errors).reduce((total, count) => total + count, 0)),
    timedOut: sum(({timedOut}) => timedOut),
    lost: sum(({lostWithConnection}) => lostWithConnection),
    unanswered: sum(({unanswered}) => unanswered),
  }
}

function summarizePair(runs: readonly BaselineRun[]): PairSummary {
  const pairs = runs.flatMap(({pair}) => (pair === null ? [] : [pair]))
  const lags = runs.flatMap(({run}) => (run.lagUs === null ? [] : [run.lagUs.aToB]))
  const counts = pairs.flatMap(pair => (pair.counts === null ? [] : [pair.counts]))
  const differences = counts.map(({items}) => items.loaded - items.other)
  const shares = counts.flatMap(({stored}) => (stored.loaded === 0 ? [] : [Math.min(1, stored.other / stored.loaded)]))
  const [worst] = differences.toSorted((a, b) => Math.abs(b) - Math.abs(a))
  const alarm = pairs.find(({firstAlarm}) => firstAlarm !== null)?.firstAlarm
  const unwell = pairs.find(({verdict}) => verdict !== 'paired')
  return {
    survived: pairs.filter(({linkSurvived}) => linkSurvived).length,
    of: pairs.length,
    lagP50Us: summarize(lags.map(({p50}) => p50))?.median ?? null,
    lagP99Us: summarize(lags.map(({p99}) => p99))?.median ?? null,
    unseen: lags.reduce((sum, {unseen}) => sum + unseen, 0),
    arrived: shares.length === 0 ? null : Math.min(...shares),
    itemsDifference: worst ?? null,
    alarm: alarm ? `${alarm.node}: ${alarm.text}` : unwell ? `${unwell.verdict}: ${unwell.why}` : null,
  }
}
