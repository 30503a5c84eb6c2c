import type {Measure} from '../../../engine/assertions/measure.js'
import {runMeasures} from '../../../engine/assertions/run-measures.js'
import {countFailures} from '../../../engine/measure/accounts.js'
import type {RunResult} from '../../../engine/result/run-result.js'

/** Measures by which runs are compared, in the order of the report. */
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

/** The numeric measure of that name; undefined where there is none. */
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

/** Operations without a proper reply, for any reason: what the Load screen calls errors. */
export function failedOperations(run: RunResult): number {
  return countFailures(run.operations)
}
