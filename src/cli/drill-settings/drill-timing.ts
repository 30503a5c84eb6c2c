import {type DrillTiming, defaultTiming} from '../../engine/drills/contract/drill-timing.js'

/** In seconds; what is left out is as usual. */
export interface DrillTimingOptions {
  readonly before?: number
  readonly hold?: number
  readonly settle?: number
  readonly after?: number
}

export function timingOf({before, hold, settle, after}: DrillTimingOptions): DrillTiming {
  const ms = (seconds: number | undefined, usual: number): number => (seconds === undefined ? usual : seconds * 1000)
  return {
    beforeMs: ms(before, defaultTiming.beforeMs),
    holdMs: ms(hold, defaultTiming.holdMs),
    settleLimitMs: ms(settle, defaultTiming.settleLimitMs),
    afterMs: ms(after, defaultTiming.afterMs),
  }
}
