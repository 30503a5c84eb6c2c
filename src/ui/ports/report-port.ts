import type {Verdict} from '../../engine/measure/verdict.js'

/** What the Report screen asks of the rest of repbench. Rejections are one line for the operator. */
export interface ReportPort {
  /** The newest runs and drills of the history, at most so many. */
  list(limit: number): Promise<SavedPage>
  /** The report of a run or drill, as the headless command prints it. */
  open(entry: SavedEntry): Promise<OpenedReport>
  /** Compares the second with the first. */
  compare(first: SavedRun, second: SavedRun): Promise<OpenedReport>
  remove(path: string): Promise<void>
  /** Writes JSON and Markdown into the working directory. @returns the files, with their paths */
  export(entry: SavedEntry): Promise<readonly string[]>
}

export interface SavedPage {
  /** Newest first. */
  readonly entries: readonly SavedEntry[]
  /** How many there are besides. */
  readonly older: number
}

export interface OpenedReport {
  readonly text: string
  /** Latency by percentile; none where nothing was measured. */
  readonly curves: readonly LatencyCurve[]
}

/** Latency in µs at percentiles that grow ever denser towards 100, as far as there were enough calls. */
export interface LatencyCurve {
  readonly name: string
  readonly us: readonly number[]
}

/** Points from 0 to 90 %, from 90 to 99 %, and so on. */
export const CURVE_POINTS_A_DECADE = 20

export type SavedEntry = SavedRun | SavedDrill

/** One line of the history; the figures are medians where a run was repeated, null where not measured. */
export interface SavedRun {
  readonly kind: 'run'
  readonly path: string
  /** In the history, as `repbench runs` counts: 1 is the oldest. */
  readonly number: number
  readonly name: string
  /** As ISO 8601 in UTC; empty where neither the file nor its name says it. */
  readonly startedAt: string
  readonly repetitions: number
  readonly opsPerSecond: number | null
  readonly p50Us: number | null
  readonly p99Us: number | null
  readonly errors: number | null
  readonly verdict: Verdict
  /** Problem with the file; null without one. */
  readonly flaw: string | null
}

export interface SavedDrill {
  readonly kind: 'drill'
  readonly path: string
  readonly name: string
  readonly topology: string
  readonly startedAt: string
  readonly verdict: Verdict
  /** Until the last client was served again, in ms; null when none lost its connection. */
  readonly rtoMs: number | null
  /** Acknowledged writes that were gone; null when that was not determined. */
  readonly lostWrites: number | null
  /** Problem with the file; null without one. */
  readonly flaw: string | null
}
