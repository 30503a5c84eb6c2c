import type {StepName} from '../../../engine/drills/drill-result.js'
import type {DrillView} from '../../state/drill-state.js'
import type {Tone} from '../../theme.js'

interface DrillMark {
  /** From the start of the load. */
  readonly seconds: number
  readonly text: string
  readonly tone: Tone
}

/** When what happened, in the order of time; the fault itself exactly as soon as that is known. */
export function drillMarks({steps, result}: Pick<DrillView, 'steps' | 'result'>): readonly DrillMark[] {
  const begin = (name: StepName) => steps.find(({step}) => step === name)?.t
  const whole = steps.find(({step, state}) => step === 'settle' && state === 'done')?.t
  const marks: readonly (readonly [number | undefined, string, Tone])[] = [
    [faultSeconds({steps, result}), '▲ fault', 'bad'],
    [begin('recover'), '▲ recovery', 'warn'],
    [whole, '▲ whole', 'ok'],
  ]
  return marks.flatMap(([seconds, text, tone]) => (seconds === undefined ? [] : [{seconds, text, tone}]))
}

/** Seconds from the start of the load to the fault; undefined before it. */
export function faultSeconds({steps, result}: Pick<DrillView, 'steps' | 'result'>): number | undefined {
  return result?.faultSeconds ?? steps.find(({step}) => step === 'fault')?.t
}
