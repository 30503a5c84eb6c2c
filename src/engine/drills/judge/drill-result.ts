import type {DiffResult} from '../../check/diff-nodes.js'
import type {ConsistencyCheck} from '../../check/pair-check.js'
import type {LagSummary} from '../../lag/lag-record.js'
import type {PolicyFields} from '../../plan/client-policies.js'
import type {RunEvent, RunResult} from '../../result/run-result.js'
import type {OwnKeys, SoakFault} from '../contract/drill.js'
import type {DrillRpo} from './drill-rpo.js'
import type {DrillMeasures, DrillTimes} from './drill-timings.js'
import type {FaultyReads} from './faulty-reads.js'
import type {WrongReads} from './wrong-reads.js'

/** In the order in which they come. */
export type StepName = 'before' | 'fault' | 'detect' | 'recover' | 'settle' | 'judge'

/** What a drill does, as it does it. */
export interface DrillStep {
  readonly step: StepName
  /** Seconds from the start of the load; below 0 before it. */
  readonly t: number
  readonly state: 'running' | 'done' | 'failed'
  readonly text: string
}

/** Before the fault; until the pair is whole again; then until the load ends. */
type LagPhase = 'before' | 'during' | 'after'

/** The problem of a drill that was stopped early. */
export const INTERRUPTED = 'interrupted'

/** What came of a drill. */
export interface DrillResult {
  readonly drill: string
  readonly startedAt: string
  readonly topology: string
  readonly nodes: readonly {readonly name: string; readonly backend: string | null; readonly address: string}[]
  readonly resilient: boolean
  /** What the clients of the load do when they are not served. */
  readonly clients: PolicyFields
  readonly steps: readonly DrillStep[]
  /** Of a drill of many faults, each of them in its order; else empty. */
  readonly faults: readonly SoakFault[]
  /** Why the fault could not be brought about, or the drill could not go on; null when all went its way. */
  readonly problem: string | null
  readonly times: DrillTimes | null
  readonly measures: DrillMeasures | null
  /** Null when the nodes could not be read. */
  readonly check: ConsistencyCheck | null
  /** Null when the nodes could not be read. */
  readonly rpo: DrillRpo | null
  /** Of the drill's further keys, where it has some. */
  readonly comparison: (DiffResult & {readonly absence: OwnKeys['absence']}) | null
  /** Reads that were not as they should be, by when and where; the first hundred spells of each kind. */
  readonly faultyReads: readonly FaultyReads[]
  /** All of them, by what explains them; null when the load or the nodes could not be looked at. */
  readonly wrongReads: WrongReads | null
  readonly lagUs: LagSummary | null
  /** The same of the probes that were written before, during and after the fault. */
  readonly lagByPhaseUs: Readonly<Record<LagPhase, Omit<LagSummary, 'probe'>>> | null
  readonly events: readonly RunEvent[]
  /** What an operator has to do, where the pair is not whole; null where there is nothing to do. */
  readonly advice: string | null
  readonly run: RunResult | null
}
