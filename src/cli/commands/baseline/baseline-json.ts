import {worstVerdict} from '../../../engine/measure/verdict.js'
import type {BaselineReport} from './baseline-text.js'
import type {BaselineRun} from './measure-target.js'

export interface BaselineFacts extends BaselineReport {
  readonly version: string
  readonly startedAt: Date
  readonly runs: readonly BaselineRun[]
}

/** The document of `baseline --json`: the table, and every run in full. */
export function baselineDocument({version, startedAt, plan, rows, runs, repetitions, interrupted}: BaselineFacts) {
  return {
    schema: 'repbench.baseline/1',
    command: 'baseline',
    version,
    startedAt: startedAt.toISOString(),
    plan,
    repetitions,
    interrupted,
    rows,
    runs,
    verdict: baselineVerdict({runs, interrupted}),
  }
}

/** That of the worst run; a lost link is a finding, which the table shows. */
export function baselineVerdict({runs, interrupted}: Pick<BaselineFacts, 'runs' | 'interrupted'>) {
  const verdicts = runs.map(({run}) => run.verdict)
  return worstVerdict(interrupted ? [...verdicts, 'unknown'] : verdicts)
}
