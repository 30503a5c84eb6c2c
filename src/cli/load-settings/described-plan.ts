import type {PlanDraft} from '../../engine/plan/plan.js'
import {formatDuration, formatRate} from './notation.js'
import {formatPhases} from './rate-phases.js'

/** A value in the notation of its setting. */
export type SettingText = string | number | boolean

/** The settings of a plan that say how fast and how long: of them some only apply. */
export function paceOf(plan: PlanDraft): Readonly<Record<'rate' | 'ramp' | 'steps' | 'duration', string | null>> {
  const phases = plan.ratePhases === null ? null : formatPhases(plan.ratePhases)
  return {
    rate: phases === null ? formatRate(plan.ratePerSecond) : null,
    ramp: phases !== null && 'ramp' in phases ? phases.ramp : null,
    steps: phases !== null && 'steps' in phases ? phases.steps : null,
    duration: plan.durationSeconds === null || phases !== null ? null : formatDuration(plan.durationSeconds),
  }
}
