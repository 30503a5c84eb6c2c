import type {DrillStep} from '../../../src/engine/drills/judge/drill-result.js'
import type {DrillSummary, PastDrill, UiDrillResult} from '../../../src/ui/ports/drill-port.js'
import type {FormSpec} from '../../../src/ui/ports/form-spec.js'
import type {OpenedReport, SavedDrill, SavedRun} from '../../../src/ui/ports/report-port.js'

/** Drills and runs as the ports hand them over, for tests that need no files. */

/** Two assertions under rules of their own, as the real form has. */
const fakeForm: FormSpec = {
  title: 'Drill',
  accept: 'run drill',
  keep: 'keep for later',
  fields: [
    {name: 'rate', label: 'rate', hint: 'operations per second', group: 'Load'},
    {name: 'assertion-1', label: 'assertion 1', hint: 'what passes', group: 'Assertions'},
    {name: 'assertion-2', label: 'one more', hint: 'such as lost==0'},
  ],
  resolve: given => {
    const values = {rate: '2000', 'assertion-1': 'rto<2s', 'assertion-2': '', ...given}
    return {
      values,
      problems: /^\d+$/.test(values.rate) ? {} : {rate: `Expected a rate, got '${values.rate}'`},
      summary: `repbench drill --rate ${values.rate}`,
    }
  },
}

export const drillSummaries: readonly DrillSummary[] = Array.from({length: 16}, (_, index) => ({
  name: index === 0 ? 'kill-master' : `drill-number-${index}`,
  summary: `what happens ${'x'.repeat(index * 8)}`,
  assertions: ['rto<2s', 'lost==0', 'diverged==0', 'paired'],
  form: fakeForm,
  sparesNodes: index === 1,
}))

function drillStep(step: DrillStep['step'], t: number, state: DrillStep['state'] = 'running'): DrillStep {
  return {step, t, state, text: `${step} ${state} ${'y'.repeat(t * 10)}`}
}

export const drillSteps: readonly DrillStep[] = [
  drillStep('before', 0),
  drillStep('fault', 3),
  drillStep('detect', 3.4),
  drillStep('detect', 3.5, 'done'),
  drillStep('recover', 5),
  drillStep('settle', 6),
  drillStep('settle', 7, 'done'),
  drillStep('judge', 9),
]

export const drillResult: UiDrillResult = {
  verdict: 'fail',
  assertions: [
    {expr: 'rto<2s', got: '3,120 ms', verdict: 'fail'},
    {expr: 'lost==0', got: '0', verdict: 'pass'},
  ],
  problem: null,
  advice: 'Start the dead node again with the same arguments: it dials the survivor and gets a full sync.',
  faultSeconds: 3.012,
  report: Array.from({length: 40}, (_, index) => `report line ${index}`).join('\n'),
  savedAs: '~/.local/state/repbench/drills/2026-11-22.json',
}

export function pastDrill(drill: string, change: Partial<PastDrill> = {}): PastDrill {
  const startedAt = '2026-11-22T14:03:05.123Z'
  return {
    path: `/drills/${drill}.json`,
    drill,
    topology: 'pair',
    startedAt,
    verdict: 'pass',
    rtoMs: 420,
    lostWrites: 3,
    flaw: null,
    ...change,
  }
}

export function savedRun(number: number, change: Partial<SavedRun> = {}): SavedRun {
  return {
    kind: 'run',
    path: `/runs/${number}.json`,
    number,
    name: 'steady',
    startedAt: '2026-11-22T14:03:05.123Z',
    repetitions: 1,
    opsPerSecond: 90_500,
    p50Us: 220,
    p99Us: 1300,
    errors: 0,
    verdict: 'pass',
    flaw: null,
    ...change,
  }
}

export function savedDrill(name: string, change: Partial<SavedDrill> = {}): SavedDrill {
  const {drill: _, ...facts} = pastDrill(name)
  return {kind: 'drill', name, ...facts, ...change}
}

export function openedReport(text: string): OpenedReport {
  const us = (first: number) => Array.from({length: 85}, (_, point) => first * 1.05 ** point)
  return {
    text,
    curves: [
      {name: 'response', us: us(200)},
      {name: 'service', us: us(100)},
    ],
  }
}
