import type {Measure} from '../../../engine/assertions/measure.js'
import {runMeasures} from '../../../engine/assertions/run-measures.js'
import {countFailures} from '../../../engine/measure/accounts.js'
import type {RunResult} from '../../../engine/result/run-result.js'

/** What runs are compared by, in the order of the report. */
const names = [
  'rate',
  'p50',
  'p90',
  'p99',
  'p99.9',
  'max',
  'service.p50',
  'service.p99',
  'errors',
  'timedOut',
  'lost',
  'unsent',
  'hitRatio',
  'stale',
  'missing',
  'corrupt',
  'slip.p99',
  'cores',
] as const

export interface ComparedMeasure extends Pick<Measure<RunResult>, 'name' | 'unit' | 'better'> {
  read(run: RunResult): number | null
}

export const comparedMeasures: readonly ComparedMeasure[] = names.map(name => comparedMeasure(name)!)

/** Any number that can be asserted; undefined where there is none of that name. */
export function comparedMeasure(name: string): ComparedMeasure | undefined {
  const known = runMeasures.get(name.toLowerCase())
  if (known === undefined || known.unit === 'boolean') return undefined
  const {read, ...facts} = known
  return {
    name: facts.name,
    unit: facts.unit,
    better: facts.better,
    read: run => {
      const value = read(run)
      return typeof value === 'number' ? value : null
    },
  }
}

/** Operations that got no proper answer, whatever the reason: what the Load screen calls errors. */
export function failedOperations(run: RunResult): number {
  return countFailures(run.operations)
}
