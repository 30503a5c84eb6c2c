import {countDiverged} from '../../../engine/drills/judge/count-diverged.js'
import type {DrillDocument, RepeatedDrillDocument, Spread} from '../json/drill-json.js'
import {formatCount, formatLength, formatTable} from '../phrases/format.js'
import {describeReasons} from '../phrases/run-reasons.js'

/** A drill that was repeated: a row for each time, and how far they lie apart. */
export function formatRepeatedDrill({drills, repetitions, spread, verdict, verdicts}: RepeatedDrillDocument): string {
  const rows = drills.map((drill, index) => [String(index + 1), ...cellsOf(drill), drill.verdict])
  const spreadRow = (name: string, pick: (spread: Spread) => number | null): string[] => [
    name,
    formatLength(pick(spread.rtoMs)),
    formatCount(pick(spread.lostWrites)),
    formatCount(pick(spread.differing)),
    formatLength(pick(spread.pairedAgainMs)),
    '',
  ]
  const table = formatTable([
    ['time', 'longest RTO', 'lost writes', 'keys differ', 'paired after', 'verdict'],
    ...rows,
    spreadRow('least', ({min}) => min),
    spreadRow('median', ({median}) => median),
    spreadRow('most', ({max}) => max),
  ])
  const [first] = drills
  const count = (wanted: string): number => verdicts.filter(one => one === wanted).length
  const never = spread.pairedAgainMs.missing
  return [
    `drill ${first!.drill} on ${first!.topology}${first!.resilient ? ' (resilient)' : ''}, ${drills.length} times`,
    '',
    ...table,
    '',
    ...(never === 0 ? [] : [`not paired again in ${never} of ${drills.length}`]),
    `pass ${count('pass')}, fail ${count('fail')}, unknown ${count('unknown')}`,
    ...drills.flatMap(({verdict: one, reasons = []}, index) =>
      describeReasons(
        one,
        reasons.map(reason => `time ${index + 1}: ${reason}`),
      ),
    ),
    ...missingDrills(drills.length, repetitions),
    `verdict        ${verdict}`,
    '',
  ].join('\n')
}

/** Says how many drills of several are missing; nothing where none is. */
export function missingDrills(run: number, repetitions: number): string[] {
  const missing = repetitions - run
  return missing === 0
    ? []
    : [`warning        ${formatCount(missing)} of ${formatCount(repetitions)} drills were not run`]
}

function cellsOf({measures, rpo, check, comparison}: DrillDocument): string[] {
  return [
    formatLength(measures?.rtoMs.max ?? null),
    formatCount(rpo?.writes ?? null),
    formatCount(check === null ? null : countDiverged(check, comparison)),
    formatLength(measures?.pairedAgainMs ?? null),
  ]
}
