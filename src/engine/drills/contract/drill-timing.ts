/** How long the parts of a drill last. */
export interface DrillTiming {
  /** Load before the fault. */
  readonly beforeMs: number
  /** How long a fault lasts, unless the drill undoes it. */
  readonly holdMs: number
  /** How long the pair may take to recover. */
  readonly settleLimitMs: number
  /** Load after the recovery. */
  readonly afterMs: number
}

export const defaultTiming: DrillTiming = {beforeMs: 3000, holdMs: 2000, settleLimitMs: 15_000, afterMs: 2000}
