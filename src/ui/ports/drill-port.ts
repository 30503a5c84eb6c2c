import type {DrillStep} from '../../engine/drills/judge/drill-result.js'
import type {Verdict} from '../../engine/measure/verdict.js'
import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import type {FormSpec, FormValues} from './form-spec.js'
import type {Round} from './run-port.js'

/** What the Drill screen asks of the rest of repbench. */
export interface DrillPort {
  /** A promise, so that the engine is loaded when drills are looked at. */
  list(): Promise<readonly DrillSummary[]>
  /** Launches a pair of its own for the drill, unless servers are given, and runs it there. One drill at a time. */
  start(request: DrillRequest): UiDrill
  /** Drills that were kept, newest first. */
  past(): Promise<readonly PastDrill[]>
  /** The report of a drill that was kept; rejects with one line for the operator. */
  open(path: string): Promise<string>
}

export interface DrillRequest {
  readonly drill: string
  /** Changed fields of its form. */
  readonly given: FormValues
  readonly onStep: (step: DrillStep) => void
  readonly onSnapshot: (snapshot: RunSnapshot) => void
  /** Of several drills one begins. */
  readonly onRound: (round: Round) => void
}

export interface DrillSummary {
  readonly name: string
  readonly summary: string
  /** Its own assertions, such as `rto<2s`. */
  readonly assertions: readonly string[]
  /** Its pair, load, times and assertions, to be changed. */
  readonly form: FormSpec
  /** It does nothing to nodes: it may run on a running pair. */
  readonly sparesNodes: boolean
}

/** Given instead of a pair of its own: a running pair, as two addresses with a blank between them, the master first. */
export const SERVERS = 'servers'

/** Fields of that form whose names begin so are assertions. */
export const ASSERTION_FIELD = 'assertion-'
/** Given for an assertion that the drill shall not be judged by. */
export const NO_ASSERTION = 'off'

/** The assertions that a drill is judged by, of all values of its form. */
export function assertionsOfForm(values: FormValues): readonly string[] {
  return Object.entries(values).flatMap(([name, expr]) =>
    name.startsWith(ASSERTION_FIELD) && expr !== '' && expr !== NO_ASSERTION ? [expr] : [],
  )
}

export interface UiDrill {
  /** Ends the drill early; `finished` resolves with a verdict of unknown. */
  stop(): void
  readonly finished: Promise<UiDrillResult>
}

export interface UiDrillResult {
  readonly verdict: Verdict
  /** How several drills ended, in one line. */
  readonly repeated?: string
  readonly assertions: readonly AssertionOutcome[]
  /** Why the drill could not be carried out; null when it was. */
  readonly problem: string | null
  /** Advice for an operator whose pair did not recover; null without any. */
  readonly advice: string | null
  /** Seconds from the start of the load; null when there was no fault. */
  readonly faultSeconds: number | null
  /** The report for people, as the headless command prints it. */
  readonly report: string
  /** Path of the saved drill; null when it could not be saved. */
  readonly savedAs: string | null
  /** Why it could not be saved. */
  readonly saveProblem?: string
}

interface AssertionOutcome {
  readonly expr: string
  /** Measured value with its unit. */
  readonly got: string
  readonly verdict: Verdict
}

/** One line of the history. */
export interface PastDrill {
  readonly path: string
  readonly drill: string
  readonly topology: string
  /** As ISO 8601 in UTC; empty where neither the file nor its name says it. */
  readonly startedAt: string
  readonly verdict: Verdict
  /** Until the last client was served again, in ms; null when none lost its connection. */
  readonly rtoMs: number | null
  /** Acknowledged writes that were gone; null when that was not determined. */
  readonly lostWrites: number | null
  /** Problem with the file; null without one. */
  readonly flaw: string | null
}
