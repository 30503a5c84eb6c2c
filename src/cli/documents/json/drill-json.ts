import {countDiverged} from '../../../engine/drills/judge/count-diverged.js'
import type {DrillResult} from '../../../engine/drills/judge/drill-result.js'
import type {DrillJudgement} from '../../../engine/drills/judge/judge-drill.js'
import {type Verdict, worstVerdict} from '../../../engine/measure/verdict.js'
import {assertionReasons} from '../phrases/run-reasons.js'

export const DRILL_SCHEMA = 'repbench.drill/1'

export interface DrillDocument extends DrillResult, DrillJudgement {
  readonly schema: typeof DRILL_SCHEMA
  readonly command: 'drill'
  readonly version: string
  readonly seed: number
  /** Repeats the faults of a soak up to the one the pair did not recover from; null where it recovered, or for a single fault. */
  readonly replay: string | null
  /** Why the drill does not pass, a few words each. */
  readonly reasons: readonly string[]
}

/** The document of `drill --json`. */
export function drillDocument(
  parts: DrillJudgement & {result: DrillResult; version: string; seed: number; replay?: string | null},
): DrillDocument {
  const {result, version, seed, replay = null, assertions, verdict} = parts
  const reasons = reasonsOf(parts)
  return {schema: DRILL_SCHEMA, command: 'drill', version, seed, replay, ...result, assertions, reasons, verdict}
}

/** A drill that could not be carried out has its problem as the reason. */
function reasonsOf({result, assertions, verdict}: DrillJudgement & {result: DrillResult}): string[] {
  if (result.problem !== null) return [result.problem]
  return verdict === 'pass' ? [] : assertionReasons(assertions, verdict)
}

/** Spread of the values that are not null. */
export interface Spread {
  readonly min: number | null
  readonly median: number | null
  readonly max: number | null
  /** How many are null. */
  readonly missing: number
}

export interface RepeatedDrillDocument {
  readonly schema: 'repbench.drills/1'
  readonly drill: string
  /** How many drills were asked for; fewer are there when one could not be run, or they were interrupted. */
  readonly repetitions: number
  readonly verdicts: readonly Verdict[]
  readonly verdict: Verdict
  readonly spread: Readonly<Record<'rtoMs' | 'lostWrites' | 'differing' | 'pairedAgainMs', Spread>>
  readonly drills: readonly DrillDocument[]
}

/** The document of a repeated drill. Its verdict is that of the worst drill, unknown where some are missing. */
export function repeatedDrillDocument(drills: readonly DrillDocument[], repetitions: number): RepeatedDrillDocument {
  const verdicts = drills.map(({verdict}) => verdict)
  const spread = {
    rtoMs: spreadOf(drills.map(({measures}) => measures?.rtoMs.max ?? null)),
    lostWrites: spreadOf(drills.map(({rpo}) => rpo?.writes ?? null)),
    differing: spreadOf(
      drills.map(({check, comparison}) => (check === null ? null : countDiverged(check, comparison))),
    ),
    pairedAgainMs: spreadOf(drills.map(({measures}) => measures?.pairedAgainMs ?? null)),
  }
  return {
    schema: 'repbench.drills/1',
    drill: drills[0]!.drill,
    repetitions,
    verdicts,
    verdict: worstOf(drills, repetitions),
    spread,
    drills,
  }
}

/** One drill of several that differ by the policy of their clients. */
interface PolicyRow {
  readonly policy: string
  /** Clients that were looked at. */
  readonly clients: number
  readonly rtoMs: {
    readonly clients: number
    readonly never: number
    readonly p50: number | null
    readonly max: number | null
    readonly resolutionMs: number | null
  }
  /** Of the client of p50, else of the worst. */
  readonly how: string | null
  readonly detectionMs: number | null
  readonly waitingMs: number | null
  readonly connectMs: number | null
  /** Connections that failed and calls without a good reply, of the whole load. */
  readonly errors: number
  readonly verdict: Verdict
}

export interface PolicyDrillsDocument {
  readonly schema: 'repbench.policies/1'
  readonly drill: string
  /** How many drills were asked for, one for each policy. */
  readonly repetitions: number
  readonly verdict: Verdict
  readonly policies: readonly PolicyRow[]
  readonly drills: readonly DrillDocument[]
}

/** What `repbench drill` writes: one drill, or several. */
export type DrillRoundsDocument = DrillDocument | RepeatedDrillDocument | PolicyDrillsDocument

/** The document of a drill that was run once for each client policy; its verdict as that of repeatedDrillDocument(). */
export function policyDrillsDocument(drills: readonly DrillDocument[], repetitions: number): PolicyDrillsDocument {
  return {
    schema: 'repbench.policies/1',
    drill: drills[0]!.drill,
    repetitions,
    verdict: worstOf(drills, repetitions),
    policies: drills.map(policyRow),
    drills,
  }
}

function worstOf(drills: readonly DrillDocument[], repetitions: number): Verdict {
  const verdicts = drills.map(({verdict}) => verdict)
  return worstVerdict(drills.length < repetitions ? [...verdicts, 'unknown'] : verdicts)
}

function policyRow({clients, measures, run, verdict}: DrillDocument): PolicyRow {
  const rto = measures?.rtoMs
  const client = rto?.median ?? rto?.worst ?? null
  return {
    policy: clients.clientPolicy ?? 'repbench',
    clients: measures?.probes?.clients ?? run?.plan.connections ?? 0,
    rtoMs: {
      clients: rto?.clients ?? 0,
      never: rto?.never ?? 0,
      p50: rto?.p50 ?? null,
      max: rto?.max ?? null,
      resolutionMs: rto?.resolutionMs ?? null,
    },
    how: client?.how ?? null,
    detectionMs: client?.detectionMs ?? null,
    waitingMs: client?.waitingMs ?? null,
    connectMs: client?.connectMs ?? null,
    errors: Object.values(measures?.errors ?? {}).reduce((sum, count) => sum + count, 0),
    verdict,
  }
}

function spreadOf(values: readonly (number | null)[]): Spread {
  const there = values.filter(value => value !== null).toSorted((a, b) => a - b)
  return {
    min: there[0] ?? null,
    median: there[Math.floor((there.length - 1) / 2)] ?? null,
    max: there.at(-1) ?? null,
    missing: values.length - there.length,
  }
}
