import type {LoadPlan} from '../../engine/plan.js'
import type {LatencySummary} from '../../engine/run-events.js'
import type {RunResult} from '../../engine/run-result.js'
import {formatSizes} from '../../engine/sizes.js'
import {formatAddress} from '../../protocol/address.js'
import {formatBytesPerSecond, formatCount, formatMs, formatPercent, formatSeconds, formatTable} from './format.js'

/** The summary of a run for people. */
export function formatRun(result: RunResult): string {
  return [
    `${result.plan.name} → ${formatAddress(result.target)}   ${describePlan(result.plan)}`,
    '',
    ...describeOperations(result),
    '',
    ...describeLatency(result),
    '',
    ...describeGenerator(result),
    ...describeWarnings(result),
    describeVerdict(result),
    '',
  ].join('\n')
}

function describePlan(plan: LoadPlan): string {
  const pace = plan.ratePerSecond > 0 ? `open loop ${formatCount(plan.ratePerSecond)} op/s` : 'closed loop'
  const opening = plan.connectionsPerSecond > 0 ? ` opened at ${formatCount(plan.connectionsPerSecond)}/s` : ''
  const length =
    plan.durationSeconds === null
      ? `${formatCount(plan.callsPerConnection)} calls each`
      : formatSeconds(plan.durationSeconds)
  const mix = plan.mix.map(({method, weight}) => (plan.mix.length > 1 ? `${method}:${weight}` : method)).join(',')
  return [pace, `${plan.connections} connections${opening}`, length, mix, `sizes ${formatSizes(plan.sizes)}`].join(
    ' · ',
  )
}

function describeOperations({operations, connections, throughput, durationSeconds}: RunResult): string[] {
  const {intended, sent, unsent, ok, hit, miss, errors, timedOut, lostWithConnection} = operations
  const counts = Object.entries(errors).map(([name, count]) => `  error        ${formatCount(count)} × ${name}`)
  const failed = Object.entries(connections.errors).map(([kind, count]) => `${count} × ${kind}`)
  const {opsPerSecond, offeredPerSecond} = throughput
  const kept =
    offeredPerSecond === null
      ? ''
      : ` of ${formatCount(offeredPerSecond)} (${formatPercent(opsPerSecond ?? 0, offeredPerSecond)})`
  return [
    `operations     ${formatCount(intended)} intended = ${formatCount(sent)} sent + ${formatCount(unsent)} unsent`,
    `  sent         ${formatCount(ok)} ok + ${formatCount(miss)} miss + ${formatCount(total(errors))} errors` +
      ` + ${formatCount(timedOut)} timed out + ${formatCount(lostWithConnection)} lost with their connection`,
    ...(hit + miss > 0 && hit > 0 ? [`  hits         ${formatCount(hit)} (${formatPercent(hit, hit + miss)})`] : []),
    ...counts,
    `connections    ${connections.opened} of ${connections.planned} opened${failed.length > 0 ? `, failed: ${failed.join(', ')}` : ''}`,
    `throughput     ${formatCount(opsPerSecond)} op/s${kept} in ${durationSeconds.toFixed(2)} s` +
      `, out ${formatBytesPerSecond(throughput.bytesOutPerSecond)}, in ${formatBytesPerSecond(throughput.bytesInPerSecond)}`,
  ]
}

function describeLatency({latencyUs}: RunResult): string[] {
  const row = (name: string, of: LatencySummary): string[] => [
    name,
    ...[of.min, of.mean, of.p50, of.p90, of.p95, of.p99, of.p999, of.p9999, of.max].map(formatMs),
  ]
  const methods = Object.entries(latencyUs.byMethod)
  return formatTable([
    ['latency ms', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'max'],
    row('  response', latencyUs.response),
    ...(methods.length > 1 ? methods.map(([name, summary]) => row(`    ${name}`, summary)) : []),
    row('  service', latencyUs.service),
  ])
}

function describeGenerator({generator, durationSeconds}: RunResult): string[] {
  const {threads, cpuSeconds, scheduleSlipUs: slip, eventLoopDelayUs: delay} = generator
  const cores = durationSeconds > 0 ? (cpuSeconds / durationSeconds).toFixed(2) : '–'
  const sends =
    slip.max === null
      ? ''
      : `, sends late by p50 ${formatMs(slip.p50)} p99 ${formatMs(slip.p99)} max ${formatMs(slip.max)} ms`
  return [
    `generator      ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${cores} cores${sends}` +
      `, event loop delay p99 ${formatMs(delay.p99)} max ${formatMs(delay.max)} ms`,
  ]
}

/** What happened to a node that a run's figures alone would hide: clients may go on getting STORED. */
const alarmingKinds: ReadonlySet<string> = new Set(['overflow', 'linkLost', 'bindFailed', 'sendError', 'crashed'])

function describeWarnings({generator, operations, interrupted, plan, events}: RunResult): string[] {
  const warnings = events
    .filter(({kind}) => alarmingKinds.has(kind))
    .map(({t, node, text}) => `${node} at ${t.toFixed(2)} s: ${text}`)
  if (generator.saturated) {
    const why = plan.ratePerSecond > 0 ? 'fell behind its schedule by itself' : 'was as busy as it can be'
    warnings.push(`the generator ${why}: the figures are partly its own, not the server's`)
  }
  if (operations.unsent > 0 && !interrupted && plan.ratePerSecond > 0) {
    warnings.push(`${formatCount(operations.unsent)} intended operations were never sent`)
  }
  return warnings.map(warning => `warning        ${warning}`)
}

function describeVerdict({verdict, interrupted}: RunResult): string {
  return `verdict        ${verdict}${interrupted ? ' (interrupted: the figures up to then)' : ''}`
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
