import type {Verdict} from '../engine/verdict.js'

/** What the Report screen asks of the rest of repbench. Rejections are one line for the operator. */
export interface ReportPort {
  /** The newest runs of the history, newest first. */
  list(): Promise<readonly SavedRun[]>
  /** The report of a run, as the headless command prints it. */
  open(path: string): Promise<string>
  /** The second held against the first. */
  compare(first: SavedRun, second: SavedRun): Promise<string>
  remove(path: string): Promise<void>
  /** Writes JSON and Markdown into the working directory. @returns the files */
  export(run: SavedRun): Promise<readonly string[]>
}

/** One line of the history; the figures are medians where a run was repeated, null where not measured. */
export interface SavedRun {
  readonly path: string
  /** In the history, as `repbench runs` counts: 1 is the oldest. */
  readonly number: number
  readonly name: string
  /** As ISO 8601 in UTC; empty where the file cannot be read. */
  readonly startedAt: string
  readonly repetitions: number
  readonly opsPerSecond: number | null
  readonly p50Us: number | null
  readonly p99Us: number | null
  readonly errors: number | null
  readonly verdict: Verdict
  /** What is wrong with the file; null when nothing is. */
  readonly flaw: string | null
}
