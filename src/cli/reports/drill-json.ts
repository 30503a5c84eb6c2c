import type {DrillJudgement} from '../../engine/drills/drill-assertions.js'
import type {DrillResult} from '../../engine/drills/drill-result.js'
import {type Verdict, worstVerdict} from '../../engine/verdict.js'

export const DRILL_SCHEMA = 'repbench.drill/1'

export interface DrillDocument extends DrillResult, DrillJudgement {
  readonly schema: typeof DRILL_SCHEMA
  readonly command: 'drill'
  readonly version: string
  readonly seed: number
}

/** The document of `drill --json`. */
export function drillDocument(
  parts: DrillJudgement & {result: DrillResult; version: string; seed: number},
): DrillDocument {
  const {result, version, seed, assertions, verdict} = parts
  return {schema: DRILL_SCHEMA, command: 'drill', version, seed, ...result, assertions, verdict}
}

/** Of a drill that was repeated. */
export function repeatedDrillDocument(drills: readonly DrillDocument[]): {
  schema: 'repbench.drills/1'
  drill: string
  verdicts: readonly Verdict[]
  verdict: Verdict
  drills: readonly DrillDocument[]
} {
  const verdicts = drills.map(({verdict}) => verdict)
  return {schema: 'repbench.drills/1', drill: drills[0]!.drill, verdicts, verdict: worstVerdict(verdicts), drills}
}
