import type {AssertionOutcome} from '../../engine/assertions/check-assertion.js'
import {differing as differingKinds} from '../../engine/drills/drill-assertions.js'
import type {DrillMeasures} from '../../engine/drills/drill-measures.js'
import type {DrillStep} from '../../engine/drills/drill-result.js'
import {describeFindings} from './consistency-text.js'
import type {DrillDocument} from './drill-json.js'
import {formatCount, formatMeasure, formatMs, formatTable} from './format.js'

const marks = {running: '·', done: '✓', failed: '✗'} as const

/** One step, as it comes. */
export function stepLine({step, t, state, text}: DrillStep): string {
  return `${`${t.toFixed(1)} s`.padStart(8)}  ${marks[state]} ${step.padEnd(7)}  ${text}`
}

/** A drill for people. */
export function formatDrill(drill: DrillDocument): string {
  return [
    `drill ${drill.drill} on ${drill.topology}${drill.resilient ? ' (resilient)' : ''}   seed ${drill.seed}`,
    ...drill.nodes.map(({name, backend, address}) => `  ${name}  ${backend ?? 'attached'}  ${address}`),
    '',
    ...(drill.measures === null ? [] : describeOutage(drill.measures)),
    ...describeNodes(drill),
    ...describeLag(drill),
    '',
    ...describeBudgets(drill.assertions),
    ...(drill.problem === null ? [] : [`problem        ${drill.problem}`]),
    ...(drill.advice === null ? [] : [`what to do     ${drill.advice}`]),
    `verdict        ${drill.verdict}`,
    '',
  ].join('\n')
}

/** A drill that was repeated: a row for each time. */
export function formatRepeatedDrill(drills: readonly DrillDocument[]): string {
  const rows = drills.map((drill, index) => [
    String(index + 1),
    formatLength(drill.measures?.rtoMs.max ?? null),
    formatCount(drill.rpo?.writes ?? null),
    formatCount(drill.check === null ? null : differing(drill)),
    formatLength(drill.measures?.pairedAgainMs ?? null),
    drill.verdict,
  ])
  const table = formatTable([['time', 'longest RTO', 'lost writes', 'keys differ', 'paired after', 'verdict'], ...rows])
  const [first] = drills
  return [`drill ${first!.drill} on ${first!.topology}, ${drills.length} times`, '', ...table, ''].join('\n')
}

function describeOutage(measures: DrillMeasures): string[] {
  const {rtoMs, detectionMs, unservedMs, backToBaselineMs, pairedAgainMs, throughput, responseUs} = measures
  const windows = ['before', 'during', 'after'] as const
  const rto =
    rtoMs.clients === 0
      ? 'no client lost its connection'
      : `${formatLength(rtoMs.min)} first, ${formatLength(rtoMs.p50)} median, ${formatLength(rtoMs.max)} longest of ` +
        `${formatCount(rtoMs.clients)} clients${rtoMs.never > 0 ? `; ${formatCount(rtoMs.never)} never served again` : ''}`
  return [
    `RTO            ${rto}`,
    `noticed after  ${formatLength(detectionMs)} by the first client`,
    `unserved       ${formatLength(unservedMs)} without any reply at all`,
    `rate back      ${backToBaselineMs === null ? 'not in the time given' : `after ${formatLength(backToBaselineMs)}`}`,
    `paired again   ${pairedAgainMs === null ? 'never in the time given' : `${formatLength(pairedAgainMs)} after the recovery began`}`,
    '',
    ...formatTable([
      ['load', ...windows],
      ['  op/s', ...windows.map(window => formatCount(throughput[window]))],
      ['  p50 ms', ...windows.map(window => formatMs(responseUs[window].p50))],
      ['  p99 ms', ...windows.map(window => formatMs(responseUs[window].p99))],
    ]),
    '',
  ]
}

function describeRpo({writes, keys, ms, first, last}: NonNullable<DrillDocument['rpo']>): string {
  const lost = `RPO            ${formatCount(writes)} acknowledged writes lost, of ${formatCount(keys)} keys`
  if (first === null || last === null) return lost
  const length = ms === null ? 'of how long is not known: too many writes since' : formatLength(ms)
  return `${lost}: ${length}, acknowledged from ${first.toFixed(3)} to ${last.toFixed(3)} s`
}

function describeNodes({check, comparison, rpo, run}: DrillDocument): string[] {
  if (check === null || rpo === null) return ['nodes          could not be read']
  const others = Object.values(comparison?.differences ?? {}).reduce((sum, count) => sum + count, 0)
  const verification = run?.verification ?? null
  return [
    describeRpo(rpo),
    `keys           ${formatCount(check.intact)} of ${formatCount(check.keys)} as they should be on both nodes (read in ${check.seconds.toFixed(1)} s)`,
    ...describeFindings(check),
    ...(comparison === null
      ? []
      : [`other keys     ${formatCount(others)} of ${formatCount(comparison.keys)} differ between the nodes`]),
    ...(verification === null || verification.stale + verification.missing + verification.corrupt === 0
      ? []
      : [
          `reads          ${formatCount(verification.stale)} stale, ${formatCount(verification.missing)} missing, ` +
            `${formatCount(verification.corrupt)} corrupt during the drill`,
        ]),
  ]
}

function describeLag({lagUs, nodes}: DrillDocument): string[] {
  if (lagUs === null) return []
  const [a, b] = nodes.map(({name}) => name)
  const describe = ({p50, p99, max, notCrossed}: typeof lagUs.aToB): string =>
    `p50 ${formatMs(p50)}  p99 ${formatMs(p99)}  max ${formatMs(max)} ms${notCrossed > 0 ? `, ${notCrossed} not in 2 s` : ''}`
  return [`lag ${a} → ${b}    ${describe(lagUs.aToB)}`, `lag ${b} → ${a}    ${describe(lagUs.bToA)}`]
}

function describeBudgets(outcomes: readonly AssertionOutcome[]): string[] {
  return outcomes.map(outcome => {
    const {expr, verdict} = outcome
    return `budget         ${verdict.padEnd(7)}  ${expr.padEnd(14)}  ${describeOutcome(outcome)}`
  })
}

/** What was measured, with its unit. */
export function describeOutcome({actual, unit}: Pick<AssertionOutcome, 'actual' | 'unit'>): string {
  if (actual === null) return '–'
  if (actual === Number.POSITIVE_INFINITY) return 'never'
  return `${formatMeasure(unit, actual)}${unit === 'us' ? ' ms' : ''}`
}

function differing({check, comparison}: DrillDocument): number {
  if (check === null) return 0
  const others = Object.values(comparison?.differences ?? {}).reduce((sum, count) => sum + count, 0)
  return differingKinds.reduce((sum, kind) => sum + check.findings[kind], others)
}

function formatLength(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`
}
