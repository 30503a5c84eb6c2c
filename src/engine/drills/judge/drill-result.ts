import type {DiffResult} from '../../check/diff-nodes.js'
import type {ConsistencyCheck} from '../../check/pair-check.js'
import type {LagSummary} from '../../lag/lag-record.js'
import type {PolicyFields} from '../../plan/client-policies.js'
import type {RunEvent, RunResult} from '../../result/run-result.js'
import type {OwnKeys, SoakFault} from '../contract/drill.js'
import type {DrillRpo} from './drill-rpo.js'
import type {DrillTimes, DrillTimings} from './drill-timings.js'
import type {FaultyReads} from './faulty-reads.js'
import type {WrongReads} from './wrong-reads.js'

/** In the order in which they come. */
export type StepName = 'before' | 'fault' | 'detect' | 'recover' | 'settle' | 'judge'

/** One line of a drill's journal. */
export interface DrillStep {
  readonly step: StepName
  /** Seconds from the start of the load; below 0 before it. */
  readonly t: number
  readonly state: 'running' | 'done' | 'failed'
  readonly text: string
}

/** Before the fault; until the pair recovered; then until the load ends. */
type LagPhase = 'before' | 'during' | 'after'

/** The problem of a drill that was stopped early. */
export const INTERRUPTED = 'interrupted'

/** Result of a drill. */
export interface DrillResult {
  readonly drill: string
  readonly startedAt: string
  readonly topology: string
  readonly nodes: readonly {readonly name: string; readonly backend: string | null; readonly address: string}[]
  readonly resilient: boolean
  /** Policy of the load's clients. */
  readonly clients: PolicyFields
  readonly steps: readonly DrillStep[]
  /** Each fault of a soak in its order; else empty. */
  readonly faults: readonly SoakFault[]
  /** Why the fault could not be injected or the drill could not go on; null when all went well. */
  readonly problem: string | null
  /** Null when there was no fault. */
  readonly times: DrillTimes | null
  readonly measures: DrillTimings | null
  /** Null when the nodes could not be read. */
  readonly check: ConsistencyCheck | null
  /** Null when the nodes could not be read. */
  readonly rpo: DrillRpo | null
  /** Extra keys written by the drill; null without any. */
  readonly comparison: (DiffResult & {readonly absence: OwnKeys['absence']}) | null
  /** Wrong reads, by when and where; the first hundred spells of each kind. */
  readonly faultyReads: readonly FaultyReads[]
  /** All wrong reads, by what explains them; null when the load or the nodes could not be examined. */
  readonly wrongReads: WrongReads | null
  readonly lagUs: LagSummary | null
  /** The same of the probes that were written before, during and after the fault. */
  readonly lagByPhaseUs: Readonly<Record<LagPhase, Pick<LagSummary, 'aToB' | 'bToA'>>> | null
  readonly events: readonly RunEvent[]
  /** What an operator must do; null when there is nothing to do. */
  readonly advice: string | null
  readonly run: RunResult | null
}
