import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {FormSpec, FormValues} from './form-spec.js'

export interface ProfileSummary {
  /** Of a ready-made profile, or the path of a profile file. */
  readonly name: string
  readonly summary: string
  /** Its settings, to be changed. */
  readonly form: FormSpec
}

export interface UiRunRequest {
  readonly profile: string
  /** Changed settings of the profile. */
  readonly given: FormValues
  /** The node that the load goes to first. */
  readonly node: ClusterNode
  /** Measure the lag of the pair that it belongs to. */
  readonly lagProbe: boolean
  /** Half of the connections go to the other node of that pair. */
  readonly both?: boolean
  readonly onSnapshot: (snapshot: RunSnapshot) => void
  /** Of several runs one begins. */
  readonly onRound?: (round: Round) => void
}

/** Which one of how many. */
export interface Round {
  readonly round: number
  readonly of: number
}

export interface UiSaveRequest {
  readonly profile: string
  readonly given: FormValues
  readonly path: string
  readonly overwrite: boolean
}

export interface UiRun {
  /** Ends the run early; `finished` resolves with what was measured so far. */
  stop(): void
  /** From now on calls are due at this rate. @returns false where there is no rate to change */
  changeRate(ratePerSecond: number): boolean
  readonly finished: Promise<UiRunResult>
}

export interface UiRunResult {
  /** The report for people, as the headless command prints it. */
  readonly report: string
  /** Path of the saved run; null when it could not be saved. */
  readonly savedAs: string | null
  /** Why it could not be saved. */
  readonly saveProblem?: string
  /** Against the run of the same profile before it, in one line; null without one. */
  readonly comparison: string | null
  readonly verdict: 'pass' | 'fail' | 'unknown'
  /** What several runs have in common, in one line. */
  readonly repeated?: string
  /** Why it is no pass, besides operations that failed and conditions that were broken. */
  readonly reasons?: readonly string[]
  /** Assertions and their outcome. */
  readonly assertions?: readonly {
    readonly expr: string
    /** Measured value with its unit. */
    readonly got: string
    readonly verdict: 'pass' | 'fail' | 'unknown'
  }[]
}
