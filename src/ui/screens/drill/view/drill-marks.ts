import type {StepName} from '../../../../engine/drills/judge/drill-result.js'
import type {Tone} from '../../../draw/theme.js'
import type {DrillRunView} from '../state/drill-state.js'

interface DrillMark {
  /** From the start of the load. */
  readonly seconds: number
  readonly name: string
  /** Stands below the curve; told from the others without colour too. */
  readonly sign: string
  readonly tone: Tone
}

/** When what happened, in the order of time; the fault itself exactly as soon as that is known. */
export function drillMarks({steps, result}: Pick<DrillRunView, 'steps' | 'result'>): readonly DrillMark[] {
  const begin = (name: StepName) => steps.find(({step}) => step === name)?.t
  const whole = steps.find(({step, state}) => step === 'settle' && state === 'done')?.t
  const marks: readonly (readonly [number | undefined, Omit<DrillMark, 'seconds'>])[] = [
    [faultSeconds({steps, result}), {name: 'fault', sign: '✖', tone: 'bad'}],
    [begin('recover'), {name: 'recovery', sign: '▲', tone: 'warn'}],
    [whole, {name: 'whole', sign: '●', tone: 'ok'}],
  ]
  return marks.flatMap(([seconds, mark]) => (seconds === undefined ? [] : [{seconds, ...mark}]))
}

/** Seconds from the start of the load to the fault; undefined before it. */
export function faultSeconds({steps, result}: Pick<DrillRunView, 'steps' | 'result'>): number | undefined {
  return result?.faultSeconds ?? steps.find(({step}) => step === 'fault')?.t
}
