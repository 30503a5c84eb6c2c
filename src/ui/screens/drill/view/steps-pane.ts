import type {DrillStep} from '../../../../engine/drills/judge/drill-result.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import {wrapLines} from '../../../overlays/page.js'
import type {DrillRunView} from '../state/drill-state.js'

const marks = {running: ['·', 'accent'], done: ['✓', 'ok'], failed: ['✗', 'bad']} as const

/** What the drill does, as it does it; the newest steps where there is no room for all. */
export function stepsPane(run: DrillRunView, {width, height}: Area, theme: Theme): string[] {
  const [word, tone] = phaseWord(run)
  return pane({
    title: [
      [`Drill #${run.number} ${run.drill} `, 'strong'],
      [word, tone],
    ],
    lines: run.error === null ? stepLines(run).slice(-innerRows(height)) : errorLines(run.error, width - PANE_SIDES),
    width,
    height,
    theme,
  })
}

function phaseWord({phase, round, steps}: DrillRunView): readonly [string, Tone] {
  const which = round === null ? '' : ` ${round.round} of ${round.of}`
  if (phase === 'failed') return ['FAILED', 'bad']
  if (phase === 'stopping') return [`STOPPING${which}`, 'warn']
  return [`${steps.length === 0 ? 'STARTING' : 'RUNNING'}${which}`, 'accent']
}

function errorLines(error: string, width: number): PaneLine[] {
  return [
    ...wrapLines([error], width).map((text): PaneLine => [[text, 'bad']]),
    [['esc', 'key'], ' back to the drills'],
  ]
}

function stepLines({steps, on}: DrillRunView): PaneLine[] {
  const launched: PaneLine = [
    '         ',
    steps.length > 0 ? ['✓', 'ok'] : ['·', 'accent'],
    on === null ? ' launch   a pair of its own' : ` reach    ${on}, which run already`,
  ]
  const lines = steps.map((step, index): PaneLine => {
    const [mark, tone] = marks[isOver(step, steps[index + 1]) ? 'done' : step.state]
    return [[`${step.t.toFixed(1).padStart(6)} s `, 'dim'], [mark, tone], ` ${step.step.padEnd(8)} ${step.text}`]
  })
  return [launched, ...lines]
}

/** A step that does not end by itself is over when the next one begins. */
function isOver({state}: DrillStep, next: DrillStep | undefined): boolean {
  return state === 'running' && next !== undefined && next.state !== 'failed'
}
