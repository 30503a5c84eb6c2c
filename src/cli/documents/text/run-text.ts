import {generatorHealth} from '../../../engine/measure/generator-health.js'
import type {LatencySummary} from '../../../engine/measure/latency-summary.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import type {RunDocument} from '../json/run-json.js'
import {describeAlarm, isAlarming} from '../phrases/alarm.js'
import {describeFindings} from '../phrases/consistency-text.js'
import {mostFrequent} from '../phrases/error-kinds.js'
import {
  formatBytesPerSecond,
  formatCount,
  formatMs,
  formatPercent,
  formatSeconds,
  formatTable,
} from '../phrases/format.js'
import {ownLateness, shownStatistics, warnOfLateness} from '../phrases/generator-lateness.js'
import {describeLink} from '../phrases/link-text.js'
import {gotText} from '../phrases/outcome-text.js'
import {describeHead} from '../phrases/plan-text.js'
import {describeReasons, earlyEndText} from '../phrases/run-reasons.js'
import {runLagLines} from './lag-text.js'
import {describeSteps} from './steps-text.js'

/** More kinds of errors than these are counted together. */
const KINDS_NAMED = 10

/** The summary of a run for people. */
export function formatRun(run: RunResult & Partial<Pick<RunDocument, 'assertions' | 'reasons'>>): string {
  const end = earlyEndText(run)
  return [
    describeHead(run),
    ...(end === null ? [] : [end]),
    '',
    ...describeOperations(run),
    ...describeVerification(run),
    ...describeConsistency(run),
    ...describeBefore(run),
    '',
    ...describeLatency(run),
    '',
    ...describeSteps(run),
    ...runLagLines(run),
    ...describeLink(run),
    ...describeGenerator(run),
    ...describeWarnings(run),
    ...describeAssertions(run.assertions ?? []),
    ...describeReasons(run.verdict, run.reasons ?? []),
    describeVerdict(run),
    '',
  ].join('\n')
}

export function describeAssertions(assertions: RunDocument['assertions']): string[] {
  const width = Math.max(...assertions.map(({expr}) => expr.length))
  return assertions.map(outcome => {
    const {expr, verdict} = outcome
    return `assertion      ${verdict.padEnd(7)}  ${expr.padEnd(width)}  ${gotText(outcome)}`
  })
}

function describeOperations(run: RunResult): string[] {
  const {operations} = run
  const {intended, sent, unsent, ok, miss, errors, timedOut, lostWithConnection, unanswered} = operations
  return [
    `operations     ${formatCount(intended)} intended = ${formatCount(sent)} sent + ${formatCount(unsent)} unsent`,
    `  sent         ${formatCount(ok)} ok + ${formatCount(miss)} miss + ${formatCount(total(errors))} errors` +
      ` + ${formatCount(timedOut)} timed out + ${formatCount(lostWithConnection)} lost with their connection` +
      (unanswered === 0 ? '' : ` + ${formatCount(unanswered)} unanswered`),
    ...describeHits(run),
    ...describeErrors(errors),
    describeConnections(run),
    describeThroughput(run),
  ]
}

function describeErrors(errors: RunResult['operations']['errors']): string[] {
  const {named, others} = mostFrequent(errors, KINDS_NAMED)
  const row = (count: number, text: string): string => `  error        ${formatCount(count)} × ${text}`
  return [...named.map(([kind, count]) => row(count, kind)), ...(others > 0 ? [row(others, 'others')] : [])]
}

function describeThroughput({throughput, durationSeconds, plannedSeconds, endedEarly, interrupted}: RunResult): string {
  const {opsPerSecond, ranOpsPerSecond, errorsPerSecond, offeredPerSecond, bytesOutPerSecond, bytesInPerSecond} =
    throughput
  const refused = (errorsPerSecond ?? 0) === 0 ? '' : ` and ${formatCount(errorsPerSecond)} errors/s`
  const kept =
    offeredPerSecond === null
      ? ''
      : ` of ${formatCount(offeredPerSecond)} (${formatPercent(opsPerSecond ?? 0, offeredPerSecond)})`
  const ran = `${durationSeconds.toFixed(2)} s`
  const span =
    endedEarly === null || interrupted || plannedSeconds === null
      ? `in ${ran}`
      : `over the ${Number(plannedSeconds.toFixed(2))} s planned, ${formatCount(ranOpsPerSecond)} op/s in the ${ran} that it ran`
  return (
    `throughput     ${formatCount(opsPerSecond)} op/s${kept}${refused} ${span}` +
    `, out ${formatBytesPerSecond(bytesOutPerSecond)}, in ${formatBytesPerSecond(bytesInPerSecond)}`
  )
}

function describeHits({operations: {hit, miss}, reads}: RunResult): string[] {
  if (reads === null) return hit > 0 ? [`  hits         ${formatCount(hit)} (${formatPercent(hit, hit + miss)})`] : []
  const {keys, found} = reads
  if (keys === 0) return []
  const ofKeys = keys > hit + miss ? ` of ${formatCount(keys)} keys` : ''
  return [`  hits         ${formatCount(found)}${ofKeys} (${formatPercent(found, keys)})`]
}

function describeConnections({connections}: RunResult): string {
  const {opened, planned, errors, reopened, failedOver, failedBack} = connections
  const failed = Object.entries(errors).map(([kind, count]) => `${count} × ${kind}`)
  return [
    `connections    ${opened} of ${planned} opened`,
    ...(failed.length > 0 ? [`failed: ${failed.join(', ')}`] : []),
    ...(reopened > 0 ? [`opened again ${formatCount(reopened)} times`] : []),
    ...(failedOver > 0 ? [`${formatCount(failedOver)} failed over, ${formatCount(failedBack)} failed back`] : []),
  ].join(', ')
}

function describeVerification({verification}: RunResult): string[] {
  if (verification === null) return []
  const {fresh, stale, missing, foreign, corrupt, leftover, worstStaleVersions, examples} = verification
  const worst = stale === 0 ? '' : ` (${formatCount(worstStaleVersions)} versions behind at worst)`
  return [
    `verification   ${formatCount(fresh)} fresh + ${formatCount(stale)} stale${worst} + ${formatCount(missing)} missing` +
      ` + ${formatCount(foreign)} foreign + ${formatCount(corrupt)} corrupt` +
      (leftover === 0 ? '' : ` (and ${formatCount(leftover)} left over from before)`),
    ...examples.map(({key, kind, text}) => `  ${kind.padEnd(12)} ${key}: ${text}`),
  ]
}

function describeConsistency({consistency, checkProblem}: RunResult): string[] {
  if (checkProblem !== null) return [`nodes          could not be checked: ${checkProblem}`]
  if (consistency === null) return []
  const {intact, keys, nodes, seconds} = consistency
  const where = nodes.length > 1 ? `both ${nodes.join(' and ')}` : nodes[0]
  return [
    `nodes          ${formatCount(intact)} of ${formatCount(keys)} keys correct on ${where} (read in ${seconds.toFixed(1)} s)`,
    ...describeFindings(consistency),
  ]
}

/** Prefill and warm-up. */
function describeBefore({prefill, warmup}: RunResult): string[] {
  return [
    ...(prefill === null
      ? []
      : [
          `prefill        ${formatCount(prefill.operations.ok)} of ${formatCount(prefill.operations.intended)} keys stored in ${formatSeconds(prefill.seconds)}`,
        ]),
    ...(warmup === null
      ? []
      : [
          `warm-up        ${formatCount(warmup.operations.ok + warmup.operations.miss)} of ${formatCount(warmup.operations.intended)} operations in ${formatSeconds(warmup.seconds)}, p99 ${formatMs(warmup.response.p99)} ms`,
        ]),
  ]
}

function describeLatency({latencyUs}: RunResult): string[] {
  const row = (name: string, of: LatencySummary): string[] => [
    name,
    ...shownStatistics.map(statistic => formatMs(of[statistic])),
  ]
  const own = (of: 'response' | 'service'): string[][] => {
    const lateness = ownLateness(latencyUs, of)
    return lateness === null ? [] : [['    ours up to', ...lateness.map(formatMs)]]
  }
  const methods = Object.entries(latencyUs.byMethod)
  const servicesByMethod = Object.entries(latencyUs.serviceByMethod)
  return formatTable([
    ['latency ms', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'max'],
    row('  response', latencyUs.response),
    ...own('response'),
    ...(methods.length > 1 ? methods.map(([name, summary]) => row(`    ${name}`, summary)) : []),
    row('  service', latencyUs.service),
    ...own('service'),
    ...(servicesByMethod.length > 1 ? servicesByMethod.map(([name, summary]) => row(`    ${name}`, summary)) : []),
  ])
}

function describeGenerator({generator, durationSeconds}: RunResult): string[] {
  const {threads, cpuSeconds, cpuSecondsByThread, scheduleSlipUs: slip, eventLoopDelayUs: delay} = generator
  const coresOf = (seconds: number) => (durationSeconds > 0 ? (seconds / durationSeconds).toFixed(2) : '–')
  const each = cpuSecondsByThread.length > 1 ? ` (${cpuSecondsByThread.map(coresOf).join(' + ')})` : ''
  const sends =
    slip.max === null
      ? ''
      : `, sends late by p50 ${formatMs(slip.p50)} p99 ${formatMs(slip.p99)} max ${formatMs(slip.max)} ms`
  return [
    `generator      ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${coresOf(cpuSeconds)} cores${each}${sends}` +
      `, event loop delay p99 ${formatMs(delay.p99)} max ${formatMs(delay.max)} ms`,
  ]
}

function describeWarnings(run: RunResult): string[] {
  const {operations, interrupted, plan, events, latencyUs} = run
  const warnings = events.filter(isAlarming).map(describeAlarm)
  const ofGenerator = warnOfGenerator(run)
  if (ofGenerator !== null) warnings.push(ofGenerator)
  const lateness = warnOfLateness(latencyUs)
  if (lateness !== null) warnings.push(lateness)
  if (operations.unsent > 0 && !interrupted && plan.ratePerSecond > 0) {
    warnings.push(`${formatCount(operations.unsent)} intended operations were never sent`)
  }
  const ofReads = warnOfReads(run)
  if (ofReads !== null) warnings.push(ofReads)
  return warnings.map(warning => `warning        ${warning}`)
}

/** Reads that all miss measure how fast a server says no. */
function warnOfReads({reads, plan}: RunResult): string | null {
  if (reads === null || reads.keys === 0 || reads.found > 0 || plan.hitRatio === 0) return null
  if (plan.prefill)
    return 'no read found its key, though --prefill stored every key: evicted, expired, or read elsewhere?'
  const keys = plan.keyCount === null ? '--keys N --prefill' : '--prefill'
  return `no read found its key: ${keys} stores every key before the load`
}

function warnOfGenerator({generator, plan}: RunResult): string | null {
  switch (generatorHealth(generator)) {
    case 'keeps up':
      return null
    case 'late': {
      const share = formatPercent(generator.lateShare ?? 0, 1)
      return `${share} of calls were sent more than 1 ms late (busy machine): all latencies include it`
    }
    case 'saturated': {
      const why = plan.ratePerSecond === 0 ? 'was saturated' : 'could not keep up'
      return `the load generator ${why}: the figures are partly its own, not the server's`
    }
  }
}

function describeVerdict({verdict, interrupted}: RunResult): string {
  return `verdict        ${verdict}${interrupted ? ' (interrupted: the figures up to then)' : ''}`
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
