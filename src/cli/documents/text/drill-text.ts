import type {AssertionOutcome} from '../../../engine/assertions/check-assertion.js'
import {type DrillStep, INTERRUPTED} from '../../../engine/drills/judge/drill-result.js'
import type {DrillTimings} from '../../../engine/drills/judge/drill-timings.js'
import type {DrillDocument} from '../json/drill-json.js'
import {describeFindings} from '../phrases/consistency-text.js'
import {formatCount, formatLength, formatMs, formatTable} from '../phrases/format.js'
import {isWorthWarning} from '../phrases/generator-lateness.js'
import {describeOutcome} from '../phrases/outcome-text.js'
import {describeReasons} from '../phrases/run-reasons.js'
import {faultyReadsLines, wrongReadsLines} from './faulty-reads-text.js'
import {drillLagLines} from './lag-text.js'
import {describePolicy} from './policy-text.js'
import {rpoLines} from './rpo-text.js'
import {describeRto} from './rto-text.js'

const marks = {running: '·', done: '✓', failed: '✗'} as const

const ENDED_BEFORE = 'not known: the drill ended before'

/** One step, as it comes. */
export function stepLine({step, t, state, text}: DrillStep): string {
  return `${`${t.toFixed(1)} s`.padStart(8)}  ${marks[state]} ${step.padEnd(7)}  ${text}`
}

/** A drill for people. */
export function formatDrill(drill: DrillDocument): string {
  return [
    `drill ${drill.drill} on ${drill.topology}${drill.resilient ? ' (resilient)' : ''}   seed ${drill.seed}`,
    ...drill.nodes.map(({name, backend, address}) => `  ${name}  ${backend ?? 'attached'}  ${address}`),
    // A drill that was kept by an earlier version does not say.
    ...(drill.clients == null ? [] : [`clients        ${describePolicy(drill.clients)}`]),
    '',
    ...describeFaults(drill),
    ...(drill.measures === null ? [] : describeOutage(drill.measures, drill)),
    ...describeNodes(drill),
    ...drillLagLines(drill),
    '',
    ...describeAssertions(drill.assertions),
    ...(drill.problem === null ? [] : [`problem        ${drill.problem}`]),
    ...(drill.advice === null ? [] : [`what to do     ${drill.advice}`]),
    // Of a drill that an earlier version kept there are none.
    ...describeReasons(drill.verdict, drill.reasons ?? []),
    `verdict        ${drill.verdict}`,
    '',
  ].join('\n')
}

function describeOutage(measures: DrillTimings, {times, problem}: DrillDocument): string[] {
  const {unservedMs, backToBaselineMs, p99BackMs, pairedAgainMs} = measures
  const paired =
    pairedAgainMs !== null
      ? `${formatLength(pairedAgainMs)} after the recovery began`
      : times?.settled
        ? 'never in the time given'
        : ENDED_BEFORE
  return [
    ...describeRto(measures),
    ...describeNotice(measures),
    `unserved       ${formatLength(unservedMs)} without any reply at all`,
    ...describeErrors(measures),
    `rate back      ${describeBack(backToBaselineMs, problem)}`,
    `p99 back       ${describeBack(p99BackMs, problem)}`,
    `paired again   ${paired}`,
    ...describeCopies(measures),
    '',
    ...describeWindows(measures),
    '',
  ]
}

function describeNotice({firstErrorMs, detectionMs, detectedBy}: DrillTimings): string[] {
  const log =
    detectedBy === null ? 'no node event' : `${formatLength(detectionMs)}: ${detectedBy.node} logs ${detectedBy.kind}`
  return [
    `first error    ${firstErrorMs === null ? 'none: no connection failed' : `after ${formatLength(firstErrorMs)}`}`,
    `detected       ${detectedBy === null ? log : `after ${log}`}`,
  ]
}

function describeErrors({errors}: DrillTimings): string[] {
  const kinds = Object.entries(errors).map(([kind, count]) => `${kind} ${formatCount(count)}`)
  return [`errors         ${kinds.length === 0 ? 'none' : kinds.join(', ')}`]
}

function describeBack(ms: number | null, problem: string | null): string {
  if (ms === null) return problem === INTERRUPTED ? ENDED_BEFORE : 'not in the time given'
  return ms === 0 ? 'was never worse than before the fault' : `after ${formatLength(ms)}`
}

function describeCopies({fullCopy, responseUs}: DrillTimings): string[] {
  if (fullCopy === null) return []
  const {copies, longestMs} = fullCopy
  const brokenOff = copies.filter(({to}) => to === null).length
  const most = Math.max(...copies.map(({keys}) => keys ?? 0))
  const length = longestMs === null ? '' : `${formatCount(most)} keys in ${formatLength(longestMs)}`
  const what = [
    copies.length === 1 ? `from ${copies[0]!.node}` : `${copies.length} times`,
    ...(longestMs === null ? [] : [copies.length === 1 ? length : `the longest ${length}`]),
    ...(brokenOff === 0 ? [] : [copies.length === 1 ? 'broke off' : `${brokenOff} broke off`]),
  ]
  return [
    `full sync      ${what.join(', ')}`,
    `               p99 of the load meanwhile ${formatMs(fullCopy.responseUs.p99)} ms, before the fault ${formatMs(responseUs.before.p99)} ms`,
  ]
}

function describeWindows({throughput, responseUs, netResponseUs}: DrillTimings): string[] {
  const windows = ['before', 'during', 'after'] as const
  const p99s = windows.map(window => [responseUs[window].p99, netResponseUs?.[window].p99 ?? null] as const)
  const isWarned = p99s.some(([us, netUs]) => us !== null && netUs !== null && isWorthWarning(us, netUs))
  const own = p99s.map(([us, netUs]) => formatMs(us === null || netUs === null ? null : us - netUs))
  return formatTable([
    ['load', ...windows],
    ['  op/s', ...windows.map(window => formatCount(throughput[window]))],
    ['  p50 ms', ...windows.map(window => formatMs(responseUs[window].p50))],
    ['  p99 ms', ...windows.map(window => formatMs(responseUs[window].p99))],
    ...(isWarned ? [['    ours up to', ...own]] : []),
  ])
}

/** The faults of a soak, and where it broke. */
function describeFaults({faults, replay}: DrillDocument): string[] {
  if (faults.length === 0) return []
  const rows = faults.map(({number, fault, holdMs, pauseMs, t, wholeAfterMs, problem}) => [
    String(number),
    fault,
    `${t.toFixed(1)} s`,
    formatLength(holdMs),
    wholeAfterMs === null ? (problem ?? 'NOT') : formatLength(wholeAfterMs),
    formatLength(pauseMs),
  ])
  const broken = faults.at(-1)!.wholeAfterMs === null ? faults.at(-1)! : null
  return [
    ...formatTable([['fault', 'what', 'at', 'for', 'recovered after', 'then pause'], ...rows]),
    ...(broken === null ? [] : [`broken by      fault ${broken.number}, ${broken.fault}: the pair did not recover`]),
    ...(replay === null ? [] : [`replay         ${replay}`]),
    '',
  ]
}

/** A drill that was stopped early has lost nothing that anybody knows of: that is no RPO of 0. */
function describeUnread({problem, times}: DrillDocument): string[] {
  if (problem !== INTERRUPTED) return ['RPO            not measured: the nodes could not be read']
  return [`RPO            not measured: interrupted before ${times === null ? 'the fault' : 'the nodes could be read'}`]
}

function describeNodes(drill: DrillDocument): string[] {
  const {check, comparison, rpo, run, problem, faultyReads, wrongReads} = drill
  if (check === null || (problem === INTERRUPTED && check.keys === 0)) return describeUnread(drill)
  const others = Object.values(comparison?.differences ?? {}).reduce((sum, count) => sum + count, 0)
  const verification = run?.verification ?? null
  return [
    ...(rpo === null ? ['RPO            not measured: there was no fault'] : rpoLines(rpo)),
    `keys           ${formatCount(check.intact)} of ${formatCount(check.keys)} correct on both nodes (read in ${check.seconds.toFixed(1)} s)`,
    ...describeFindings(check),
    ...(comparison === null
      ? []
      : [
          `other keys     ${formatCount(others)} of ${formatCount(comparison.keys)} differ between the nodes, ` +
            `${formatCount(comparison.onNeither)} are on neither (${comparison.absence})`,
        ]),
    ...(verification === null || verification.stale + verification.missing + verification.corrupt === 0
      ? []
      : [
          `reads          ${formatCount(verification.stale)} stale, ${formatCount(verification.missing)} missing, ` +
            `${formatCount(verification.corrupt)} corrupt during the drill`,
          ...wrongReadsLines(wrongReads),
          ...faultyReadsLines(faultyReads),
        ]),
  ]
}

function describeAssertions(outcomes: readonly AssertionOutcome[]): string[] {
  const width = Math.max(0, ...outcomes.map(({expr}) => expr.length))
  return outcomes.map(outcome => {
    const {expr, verdict} = outcome
    return `assertion      ${verdict.padEnd(7)}  ${expr.padEnd(width)}  ${describeOutcome(outcome)}`
  })
}
